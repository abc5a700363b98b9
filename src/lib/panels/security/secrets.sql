-- Names of parameters that carried a secret. The Worker replaced each value by REDACTED before it stored the hit.
WITH named AS (
  SELECT id AS query, unnest(list_distinct(regexp_extract_all(lower(word), '(?:^|[&;])([^=&;]{1,80})=redacted', 1))) AS name
  FROM words
  WHERE field = {query} AND contains(word, '=REDACTED')
),
sent AS (
  SELECT name, hits.path, count(*) AS requests, max(time) AS last
  FROM selected('query', 'now') AS hits
  JOIN named ON named.query = hits.query
  GROUP BY ALL
)
SELECT
  name,
  sum(requests)::DOUBLE AS requests,
  count(*)::DOUBLE AS paths,
  max(last) AS last,
  arg_max(by_path.value, (requests, last)) AS path,
  count(*) OVER ()::DOUBLE AS listed
FROM sent
JOIN {paths} AS by_path ON by_path.key = path
GROUP BY name
ORDER BY requests DESC, name
LIMIT 12
