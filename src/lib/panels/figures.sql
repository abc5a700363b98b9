-- The key figures of each class of hits, in total and by bucket; and, with class null, the latency of them all.
WITH hit AS (
  SELECT
    bucket(time) AS bucket,
    CASE WHEN is_bot THEN 'bots' ELSE 'people' END AS class,
    {counted} AS is_counted,
    visitor,
    bytes,
    duration,
    status,
    coalesce(method, 'GET') = 'GET' AND NOT is_asset AND NOT starts_with(path, '/api/')
      AND (status BETWEEN 200 AND 299 OR status = 304) AS is_page_view,
    coalesce(
      time - lag(time) OVER (PARTITION BY visitor ORDER BY time) > INTERVAL 30 MINUTE,
      true
    ) AS starts_visit
  FROM selected('', '{period}')
  WHERE kind = 'request'
), latency AS (
  SELECT
    bucket,
    grouping(bucket) = 1 AS is_total,
    quantile_cont(duration, [0.5, 0.95, 0.99]) AS quantiles
  FROM hit
  GROUP BY GROUPING SETS ((is_counted), (bucket))
  HAVING is_counted IS DISTINCT FROM false
)
SELECT
  bucket,
  grouping(bucket) = 1 AS is_total,
  class,
  count(*)::DOUBLE AS requests,
  count(DISTINCT visitor)::DOUBLE AS visitors,
  count(*) FILTER (starts_visit)::DOUBLE AS visits,
  count(*) FILTER (is_page_view)::DOUBLE AS page_views,
  coalesce(sum(bytes), 0)::DOUBLE AS bytes,
  count(*) FILTER (status BETWEEN 400 AND 499)::DOUBLE AS refused,
  count(*) FILTER (status >= 500)::DOUBLE AS errors
FROM hit
GROUP BY GROUPING SETS ((is_counted, class), (bucket, class))
HAVING is_counted IS DISTINCT FROM false
UNION ALL BY NAME
SELECT
  bucket,
  is_total,
  quantiles[1]::DOUBLE AS p50,
  quantiles[2]::DOUBLE AS p95,
  quantiles[3]::DOUBLE AS p99
FROM latency
ORDER BY bucket NULLS FIRST, class NULLS FIRST
