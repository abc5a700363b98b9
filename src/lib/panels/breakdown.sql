-- The values of one column with what is counted of each, most first; the first row is the total.
SELECT
  {column} AS value,
  grouping({column}) = 1 AS is_total,
  (count(*) OVER () - 1)::DOUBLE AS listed,
  count(*)::DOUBLE AS requests,
  {measure}::DOUBLE AS counted
FROM selected('{column}', 'now')
WHERE kind = 'request' AND {condition}
GROUP BY GROUPING SETS (({column}), ())
ORDER BY is_total DESC, counted DESC, requests DESC, value
LIMIT 101
