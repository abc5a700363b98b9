-- What of a whole day does not add up: of each class, and of both.
INSERT INTO rolled_days
SELECT
  epoch_ms(epoch_ms(time) // 86_400_000 * 86_400_000) AS day,
  is_bot,
  count(*),
  count(DISTINCT visitor),
  count(DISTINCT nullif(address_of(ip, client_name), 0)),
  count(duration),
  sum(duration)
FROM (FROM {hits}) JOIN clients USING (client)
GROUP BY GROUPING SETS ((day, is_bot), (day))
ORDER BY ALL
