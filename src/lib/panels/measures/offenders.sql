-- Who got answers of 400 and above.
SELECT {at(time)} AS slot, class, status, address_of(ip, client_name) AS address, count(*) AS requests
FROM {hits}
JOIN clients USING (client)
WHERE status >= 400 AND address <> 0
GROUP BY ALL
