-- Who got answers other than 200.
SELECT {at(time)} AS slot, class, status, address_of(ip, client_name) AS address, count(*) AS requests
FROM {hits}
JOIN clients USING (client)
WHERE status <> 200 AND address <> 0
GROUP BY ALL
