-- Who gets answers other than 200, by status and address, or the host name of a client that has no address.
SELECT status, ip, any_value(as_org) AS as_org, sum(requests)::DOUBLE AS requests
FROM (
  SELECT status, coalesce(ip, client_name) AS ip, any_value(as_org) AS as_org, count(*) AS requests
  FROM selected('ip', 'now')
  WHERE kind = 'request' AND status <> 200 AND coalesce(ip, client_name) IS NOT NULL
    AND is_left('ip', 'now', time)
  GROUP BY ALL
  UNION ALL
  SELECT status, ip, as_org, requests
  FROM (
    SELECT status, id, sum(requests) AS requests
    FROM rolled_offenders
    WHERE is_rolled('ip', 'now', time) AND is_looked_at(is_bot)
    GROUP BY status, id
  )
  JOIN rolled_offenders_names USING (id)
)
GROUP BY status, ip
ORDER BY requests DESC, ip, status
LIMIT 9
