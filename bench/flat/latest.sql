-- The last answers that were refusals or failures.
SELECT time, status, method, path, query, duration
FROM selected('', 'now')
WHERE kind = 'request' AND status >= 400
ORDER BY time DESC, seq DESC
LIMIT 8
