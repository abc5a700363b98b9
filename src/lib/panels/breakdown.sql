-- The values of one column with what is counted of each, most first; the first row is the total.
--
-- The columns are named in a query of their own: below GROUPING SETS, the engine of the page (DuckDB 1.4) reads all
-- that a `SELECT *` has.
SELECT
  {column} AS value,
  grouping({column}) = 1 AS is_total,
  (count(*) OVER () - 1)::DOUBLE AS listed,
  count(*)::DOUBLE AS requests,
  {measure}::DOUBLE AS counted
FROM (
  SELECT {columns}
  FROM selected('{column}', 'now')
  WHERE kind = 'request' AND {condition}
)
GROUP BY GROUPING SETS (({column}), ())
ORDER BY is_total DESC, counted DESC, requests DESC, value
LIMIT 101
