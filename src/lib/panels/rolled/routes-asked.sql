-- What roll-ups add to the routes of a long range.
UNION ALL
SELECT method, route{bin}, sum(requests)::DOUBLE
FROM rolled_routes
WHERE is_rolled('path', 'now', time) AND is_looked_at(is_bot)
GROUP BY ALL
