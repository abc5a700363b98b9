-- One row for each path that was not found, the page that links there, and slot of the range.
SELECT path, referrer, {slot} AS slot, count(*) AS requests
FROM selected('{own}', '{period}')
WHERE kind = 'request' AND status = 404
GROUP BY ALL
