-- How many clients there were: addresses, or host names where the server logs those.
SELECT {at(time)} AS slot, class, count(DISTINCT nullif(address_of(ip, client_name), 0)) AS addresses
FROM {hits}
JOIN clients USING (client)
GROUP BY ALL
