-- The same of a long range, by bins.
WITH told AS MATERIALIZED (SELECT method, route, bin, sum(requests)::DOUBLE AS requests FROM {routes} GROUP BY ALL),
counted AS (
  SELECT method, route, sum(requests) AS requests
  FROM told
  GROUP BY method, route
  QUALIFY rank() OVER (ORDER BY sum(requests) DESC) <= 8
),
most AS MATERIALIZED (
  SELECT counted.*, method.value AS method_name, route.value AS route_name
  FROM counted
  JOIN {method} AS method ON method.key = counted.method
  JOIN {name} AS route ON route.key = counted.route
  ORDER BY requests DESC, route_name, method_name
  LIMIT 8
),
bins AS (
  SELECT method_name, route_name, most.requests AS hits, latency_of(bin) AS ms, sum(told.requests) AS requests
  FROM told JOIN most USING (method, route)
  GROUP BY ALL
)
SELECT
  method_name AS method,
  route_name AS route,
  hits AS requests,
  quantile_of(0.5, ms, within, hits) AS p50,
  quantile_of(0.95, ms, within, hits) AS p95,
  quantile_of(0.99, ms, within, hits) AS p99
FROM (SELECT *, sum(requests) OVER (PARTITION BY method_name, route_name ORDER BY ms) AS within FROM bins)
GROUP BY method_name, route_name, hits
ORDER BY p95 DESC, route_name, method_name
