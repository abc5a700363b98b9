-- How long the routes of a day take.
INSERT INTO rolled_routes
SELECT
  epoch_ms(epoch_ms(time) // 86_400_000 * 86_400_000) AS time,
  is_bot,
  method,
  route,
  latency_bin(duration) AS bin,
  count(*)
FROM (FROM {hits} AND NOT is_asset AND duration IS NOT NULL AND path > 0)
JOIN routes USING (path)
GROUP BY ALL
ORDER BY ALL
