-- The routes asked most, ids in them masked and assets left out, with how long they take.
WITH hit AS (
  SELECT method, route, duration
  FROM (FROM selected('path*', 'now') WHERE NOT is_asset AND duration IS NOT NULL AND path > 0)
  JOIN routes USING (path)
),
counted AS (
  SELECT method, route, count(*) AS requests
  FROM hit
  GROUP BY method, route
  QUALIFY rank() OVER (ORDER BY count(*) DESC) <= 8
),
most AS (
  SELECT counted.method, counted.route, method.value AS method_name, route.value AS route_name
  FROM counted
  JOIN {method} AS method ON method.key = counted.method
  JOIN {name} AS route ON route.key = counted.route
  ORDER BY requests DESC, route_name, method_name
  LIMIT 8
)
SELECT
  method_name AS method,
  route_name AS route,
  count(*)::DOUBLE AS requests,
  quantile_cont(duration, 0.5)::DOUBLE AS p50,
  quantile_cont(duration, 0.95)::DOUBLE AS p95,
  quantile_cont(duration, 0.99)::DOUBLE AS p99
FROM hit
JOIN most USING (method, route)
GROUP BY method_name, route_name
ORDER BY p95 DESC, route_name, method_name
