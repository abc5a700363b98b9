-- Who got answers other than 200 on a day.
CREATE OR REPLACE TEMP TABLE rolling AS
SELECT
  epoch_ms(epoch_ms(time) // 86_400_000 * 86_400_000) AS time,
  is_bot,
  status,
  coalesce(ip, client_name) AS ip,
  any_value(as_org) AS as_org,
  count(*) AS requests
FROM {hits} AND status <> 200 AND coalesce(ip, client_name) IS NOT NULL
GROUP BY ALL;

INSERT INTO rolled_offenders_names
SELECT (SELECT coalesce(max(id), 0) FROM rolled_offenders_names) + row_number() OVER (), ip, as_org
FROM (SELECT ip, any_value(as_org) AS as_org FROM rolling GROUP BY ip)
ANTI JOIN rolled_offenders_names USING (ip);

INSERT INTO rolled_offenders
SELECT time, is_bot, status, id, requests
FROM rolling
JOIN rolled_offenders_names USING (ip)
ORDER BY ALL;
