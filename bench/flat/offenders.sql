-- Who gets answers other than 200, by status and address, or the host name of a client that has no address.
SELECT status, ip, any_value(as_org) AS as_org, sum(requests)::DOUBLE AS requests
FROM (
  SELECT status, coalesce(ip, client_name) AS ip, any_value(as_org) AS as_org, count(*) AS requests
  FROM selected('ip', 'now')
  WHERE kind = 'request' AND status <> 200 AND coalesce(ip, client_name) IS NOT NULL
  GROUP BY ALL
)
GROUP BY status, ip
ORDER BY requests DESC, ip, status
LIMIT 9
