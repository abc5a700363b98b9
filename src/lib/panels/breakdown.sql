-- The values of one column with what was counted of each, most first; the first row is the total.
SELECT
  {column} AS value,
  grouping({column}) = 1 AS is_total,
  (count(*) OVER () - 1)::DOUBLE AS listed,
  count(*)::DOUBLE AS requests,
  count(DISTINCT visitor) FILTER ({audience})::DOUBLE AS visitors,
  count(*) FILTER (
    method = 'GET' AND NOT is_asset AND NOT starts_with(path, '/api/')
    AND (status BETWEEN 200 AND 299 OR status = 304)
  )::DOUBLE AS page_views
FROM selected('{column}', 'now')
WHERE kind = 'request' AND {condition}
GROUP BY GROUPING SETS (({column}), ())
ORDER BY is_total DESC, {metric} DESC, requests DESC, value
LIMIT 101
