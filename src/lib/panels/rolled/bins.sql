-- How long hits took, by quarters of an hour.
INSERT INTO rolled_latency
SELECT
  epoch_ms(epoch_ms(time) // 900_000 * 900_000) AS time,
  is_bot,
  latency_bin(duration) AS bin,
  count(*)
FROM {hits} AND duration IS NOT NULL
GROUP BY ALL
ORDER BY ALL
