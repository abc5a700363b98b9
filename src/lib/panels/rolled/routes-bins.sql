-- What roll-ups add to the bins of the routes asked most.
UNION ALL
SELECT method, route, bin, sum(requests)::DOUBLE
FROM rolled_routes
JOIN (
  SELECT id, most.method, most.route
  FROM rolled_routes_names AS named
  JOIN most ON most.route = named.route AND most.method IS NOT DISTINCT FROM named.method
) USING (id)
WHERE is_rolled('path', 'now', time) AND is_looked_at(is_bot)
GROUP BY ALL
