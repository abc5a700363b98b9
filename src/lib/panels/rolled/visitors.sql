-- Who was there in a quarter of an hour.
INSERT INTO rolled_visitors
SELECT DISTINCT epoch_ms(epoch_ms(time) // 900_000 * 900_000) AS time, is_bot, visitor
FROM {hits} AND visitor > 0
ORDER BY time
