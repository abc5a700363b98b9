-- The error lines of the address of a request within five seconds, or the requests of the address of an error line.
WITH line AS MATERIALIZED (FROM hits WHERE {is_line})
SELECT
  hits.seq::DOUBLE AS seq,
  epoch_ms(hits.time)::DOUBLE AS time,
  hits.status,
  method.value AS method,
  path.value AS path,
  query.value AS query,
  hits.message
FROM hits
JOIN clients ON clients.client = hits.client
JOIN {method} AS method ON method.key = hits.method
JOIN {path} AS path ON path.key = hits.path
JOIN {query} AS query ON query.key = hits.query
WHERE {is_near}
  AND hits.is_request IS DISTINCT FROM (SELECT is_request FROM line)
  AND clients.ip > 0
  AND clients.ip = (SELECT clients.ip FROM line JOIN clients ON clients.client = line.client)
ORDER BY abs(epoch_ms(hits.time) - {time}), hits.seq
LIMIT 20
