-- Who gets answers other than 200, by status and address.
SELECT
  status,
  ip,
  any_value(as_org) AS as_org,
  count(*)::DOUBLE AS requests
FROM selected('ip', 'now')
WHERE kind = 'request' AND status <> 200 AND ip IS NOT NULL
GROUP BY status, ip
ORDER BY requests DESC, ip, status
LIMIT 9
