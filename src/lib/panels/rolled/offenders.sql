-- Who got answers other than 200 on a day.
INSERT INTO rolled_offenders
SELECT
  epoch_ms(epoch_ms(time) // 86_400_000 * 86_400_000) AS time,
  is_bot,
  status,
  address_of(ip, client_name) AS address,
  count(*)
FROM (FROM {hits} AND status <> 200)
JOIN clients USING (client)
WHERE address <> 0
GROUP BY ALL
ORDER BY ALL
