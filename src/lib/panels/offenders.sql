-- Who gets answers of 400 and above, by status and address, or the host name of a client that has no address.
WITH counted AS (
  SELECT status, address, sum(requests)::DOUBLE AS requests
  FROM {offenders}
  GROUP BY status, address
  QUALIFY rank() OVER (ORDER BY sum(requests) DESC) <= 9
)
SELECT status, coalesce(address.value, name.value) AS ip, network.value AS as_org, requests
FROM counted
LEFT JOIN {ip} AS address ON address.key = counted.address
LEFT JOIN {client_name} AS name ON name.key = -counted.address
LEFT JOIN (
  SELECT address_of(ip, client_name) AS address, max(as_org) AS as_org FROM clients GROUP BY ALL
) AS client ON client.address = counted.address
LEFT JOIN {as_org} AS network ON network.key = client.as_org
ORDER BY requests DESC, ip, status
LIMIT 9
