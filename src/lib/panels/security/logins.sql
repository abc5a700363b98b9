-- Addresses whose logins failed, and when they were let in after it.
WITH {attempts},
failed AS (
  SELECT
    ip,
    any_value(as_org) AS as_org,
    count(*) FILTER (has_failed)::DOUBLE AS failed,
    min(time) FILTER (has_failed) AS first,
    max(time) FILTER (has_failed) AS last
  FROM attempt
  GROUP BY ip
  HAVING failed >= 3
),
let_in AS (
  SELECT failed.ip, min(time) AS let_in
  FROM attempt
  JOIN failed ON failed.ip = attempt.ip AND time >= first
  WHERE is_let_in
  GROUP BY failed.ip
)
SELECT by_ip.value AS ip, by_org.value AS as_org, failed, first, last, let_in
FROM failed
LEFT JOIN let_in USING (ip)
JOIN {ips} AS by_ip ON by_ip.key = failed.ip
JOIN {orgs} AS by_org ON by_org.key = failed.as_org
WHERE by_ip.value IS NOT NULL
ORDER BY let_in IS NULL, failed DESC, by_ip.value
LIMIT 12
