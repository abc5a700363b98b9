-- The newest hits, of which there are more.
SELECT
  hit.seq::DOUBLE AS seq,
  epoch_ms(time)::DOUBLE AS time,
  status,
  class,
  method.value AS method,
  path.value AS path,
  query.value AS query,
  country.value AS country,
  duration
FROM (
  SELECT seq, time, status, class, method, path, query, client, duration
  FROM selected('', 'now')
  ORDER BY time DESC, seq DESC
  LIMIT {limit}
) AS hit
JOIN clients USING (client)
JOIN {method} AS method ON method.key = hit.method
JOIN {path} AS path ON path.key = hit.path
JOIN {query} AS query ON query.key = hit.query
JOIN {country} AS country ON country.key = clients.country
ORDER BY time DESC, seq DESC
