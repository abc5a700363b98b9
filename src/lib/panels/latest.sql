-- The last answers that were refusals or failures.
SELECT time, status, method.value AS method, path.value AS path, query.value AS query, duration
FROM (
  SELECT time, seq, status, method, path, query, duration
  FROM selected('', 'now')
  WHERE status >= 400
  ORDER BY time DESC, seq DESC
  LIMIT 8
) AS hit
JOIN {method} AS method ON method.key = hit.method
JOIN {path} AS path ON path.key = hit.path
JOIN {query} AS query ON query.key = hit.query
ORDER BY time DESC, seq DESC
