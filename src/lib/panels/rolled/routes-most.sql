-- What roll-ups add to how often routes are asked.
UNION ALL
SELECT method, route, requests
FROM (
  SELECT id, sum(requests)::DOUBLE AS requests
  FROM rolled_routes
  WHERE is_rolled('path', 'now', time) AND is_looked_at(is_bot)
  GROUP BY id
)
JOIN rolled_routes_names USING (id)
