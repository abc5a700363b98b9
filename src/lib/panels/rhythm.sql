-- Requests by weekday (1 is Monday) and hour of the chosen zone's clock, whose offset changes by quarters of an hour.
SELECT
  isodow(local_time(time)) AS weekday,
  hour(local_time(time)) AS hour,
  sum(requests)::DOUBLE AS requests
FROM (
  SELECT epoch_ms(epoch_ms(time) // 900_000 * 900_000) AS time, count(*) AS requests
  FROM selected('rhythm', 'now')
  WHERE is_left('rhythm', 'now', time)
  GROUP BY ALL
  UNION ALL
  SELECT time, requests
  FROM rolled_times
  WHERE is_rolled('rhythm', 'now', time) AND is_looked_at(is_bot)
)
GROUP BY ALL
ORDER BY ALL
