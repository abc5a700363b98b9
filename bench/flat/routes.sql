-- The routes asked most, ids in them masked and assets left out, with how long they take.
WITH counted AS (
  SELECT method, path, count(*) AS requests
  FROM selected('path', 'now')
  WHERE kind = 'request' AND NOT is_asset AND duration IS NOT NULL AND path IS NOT NULL
  GROUP BY ALL
),
named AS (
  SELECT method, path, requests, route_of(path) AS route
  FROM counted
),
most AS (
  SELECT method, route, sum(requests) AS requests
  FROM named
  GROUP BY ALL
  ORDER BY requests DESC, route, method
  LIMIT 8
)
SELECT
  hit.method,
  route,
  count(*)::DOUBLE AS requests,
  quantile_cont(duration, 0.5)::DOUBLE AS p50,
  quantile_cont(duration, 0.95)::DOUBLE AS p95,
  quantile_cont(duration, 0.99)::DOUBLE AS p99
FROM selected('path', 'now') AS hit
JOIN (
  SELECT named.method, path, named.route
  FROM named
  JOIN most ON named.route = most.route AND named.method IS NOT DISTINCT FROM most.method
) AS named
  ON hit.path = named.path AND hit.method IS NOT DISTINCT FROM named.method
WHERE kind = 'request' AND NOT is_asset AND duration IS NOT NULL
GROUP BY ALL
ORDER BY p95 DESC, route, hit.method
