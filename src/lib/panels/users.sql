-- One row for each user that signed in by the server, and slot of the range.
SELECT remote_user, {slot} AS slot, count(*) AS requests
FROM selected('{own}', '{period}')
WHERE kind = 'request' AND remote_user IS NOT NULL
GROUP BY ALL
