-- The key figures of people and of bots, in total and by bucket; and, with is_bot null, the latency of them all.
WITH hit AS (
  SELECT
    bucket(time) AS bucket,
    is_bot,
    visitor,
    bytes,
    duration,
    status >= 500 AS is_error,
    coalesce(method, 'GET') = 'GET' AND NOT is_asset AND NOT starts_with(path, '/api/')
      AND (status BETWEEN 200 AND 299 OR status = 304) AS is_page_view,
    coalesce(
      time - lag(time) OVER (PARTITION BY visitor ORDER BY time) > INTERVAL 30 MINUTE,
      true
    ) AS starts_visit
  FROM selected('', 'now')
  WHERE kind = 'request'
)
SELECT
  bucket,
  grouping(bucket) = 1 AS is_total,
  is_bot,
  count(*)::DOUBLE AS requests,
  count(DISTINCT visitor)::DOUBLE AS visitors,
  count(*) FILTER (starts_visit)::DOUBLE AS visits,
  count(*) FILTER (is_page_view)::DOUBLE AS page_views,
  coalesce(sum(bytes), 0)::DOUBLE AS bytes,
  count(*) FILTER (is_error)::DOUBLE AS errors
FROM hit
GROUP BY GROUPING SETS ((is_bot), (bucket, is_bot))
UNION ALL BY NAME
SELECT
  bucket,
  grouping(bucket) = 1 AS is_total,
  quantile_cont(duration, 0.5)::DOUBLE AS p50,
  quantile_cont(duration, 0.95)::DOUBLE AS p95
FROM hit
GROUP BY GROUPING SETS ((), (bucket))
ORDER BY bucket NULLS FIRST, is_bot NULLS FIRST
