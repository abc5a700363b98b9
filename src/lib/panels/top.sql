-- Every metric of every value of one column that holds the text searched for; the first row is the total.
WITH hit AS (
  SELECT {value} AS value, visitor, is_bot, is_asset, method, path, status, bytes, duration
  FROM selected('{column}', 'now')
  WHERE kind = 'request' AND {condition}
)
SELECT
  CAST(hit.value AS VARCHAR) AS value,
  grouping(hit.value) = 1 AS is_total,
  (count(*) OVER () - 1)::DOUBLE AS listed,
  count(DISTINCT visitor) FILTER ({audience})::DOUBLE AS visitors,
  count(*) FILTER (is_page_view(method, is_asset, path, status))::DOUBLE AS page_views,
  count(*)::DOUBLE AS requests,
  coalesce(sum(bytes), 0)::DOUBLE AS bytes,
  quantile_cont(duration, 0.95)::DOUBLE AS p95,
  count(*) FILTER (status >= 500)::DOUBLE AS errors
FROM hit
GROUP BY GROUPING SETS ((hit.value), ())
ORDER BY is_total DESC, {sort} NULLS LAST, requests DESC, value
LIMIT {limit}
