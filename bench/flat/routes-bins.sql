-- The same of a long range, by bins.
WITH counted AS MATERIALIZED (
  SELECT method, path, latency_bin(duration) AS bin, count(*)::DOUBLE AS requests
  FROM selected('path', 'now')
  WHERE kind = 'request' AND NOT is_asset AND duration IS NOT NULL AND path IS NOT NULL
  GROUP BY ALL
),
named AS MATERIALIZED (SELECT path, route_of(path) AS route FROM (SELECT DISTINCT path FROM counted)),
of_hits AS NOT MATERIALIZED (SELECT method, route, bin, requests FROM counted JOIN named USING (path)),
most AS MATERIALIZED (
  SELECT method, route, sum(requests)::DOUBLE AS requests
  FROM (
    SELECT method, route, requests FROM of_hits
  )
  GROUP BY ALL
  ORDER BY requests DESC, route, method
  LIMIT 8
),
bins AS (
  SELECT most.method, most.route, most.requests AS hits, latency_of(bin) AS ms, sum(one.requests)::DOUBLE AS requests
  FROM (
    SELECT method, route, bin, requests FROM of_hits
  ) AS one
  JOIN most ON most.route = one.route AND most.method IS NOT DISTINCT FROM one.method
  GROUP BY ALL
)
SELECT
  method,
  route,
  hits AS requests,
  quantile_of(0.5, ms, within, hits) AS p50,
  quantile_of(0.95, ms, within, hits) AS p95,
  quantile_of(0.99, ms, within, hits) AS p99
FROM (SELECT *, sum(requests) OVER (PARTITION BY method, route ORDER BY ms) AS within FROM bins)
GROUP BY method, route, hits
ORDER BY p95 DESC, route, method
