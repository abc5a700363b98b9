-- The sources that sent more of what a detection counts, within its seconds, than it allows.
WITH named AS (
  SELECT client, {source} AS name, bot_purpose.word AS purpose, family AS agent_family
  FROM clients
  JOIN (FROM words WHERE field = {ip}) AS address ON address.id = ip
  JOIN (FROM words WHERE field = {client_name}) AS client_name ON client_name.id = clients.client_name
  JOIN (FROM words WHERE field = {bot_purpose}) AS bot_purpose ON bot_purpose.id = clients.bot_purpose
  LEFT JOIN (FROM probed WHERE field = {user_agent}) AS by_agent ON by_agent.id = user_agent
),
-- To group hits by a number takes half as long as by a text.
origin AS MATERIALIZED (SELECT min(client) AS source, name FROM named WHERE name IS NOT NULL GROUP BY name),
client AS (SELECT client, source, purpose, agent_family FROM named JOIN origin USING (name)),
referred AS (
  SELECT source AS referrer, family AS referrer_family
  FROM sources
  JOIN (FROM probed WHERE field = {referrer}) AS by_referrer ON by_referrer.id = referrer
),
-- The numbers of methods, -1 where the log lacks one: a join of each hit with a few words takes half a second a million.
word AS (
  SELECT
    coalesce(max(id) FILTER (word = 'GET'), -1) AS get,
    coalesce(max(id) FILTER (word = 'HEAD'), -1) AS head,
    coalesce(max(id) FILTER (word = 'POST'), -1) AS post,
    coalesce(max(id) FILTER (word = 'CONNECT'), -1) AS connect
  FROM words
  WHERE field = {method}
),
hit AS MATERIALIZED (
  SELECT
    client.* EXCLUDE client,
    referrer_family,
    time,
    status,
    hits.path,
    hits.query,
    hits.client,
    -- What could not be read is never the same twice.
    CASE WHEN hits.path = 0 THEN -seq ELSE hash(hits.path, hits.query)::HUGEINT END AS request,
    seq AS hit,
    is_asset,
    is_bot,
    hits.method = word.get OR hits.method = word.head AS is_read,
    hits.method = word.post AS is_post,
    hits.method = word.connect AS is_connect,
    by_path.family AS path_family,
    by_query.family AS query_family,
    login.id IS NOT NULL AS is_login
  FROM {hits} AS hits
  JOIN client ON client.client = hits.client
  LEFT JOIN referred ON referred.referrer = hits.source
  LEFT JOIN (FROM probed WHERE field = {path}) AS by_path ON by_path.id = hits.path
  LEFT JOIN (FROM probed WHERE field = {query}) AS by_query ON by_query.id = hits.query
  LEFT JOIN (
    SELECT id FROM words WHERE field = {path} AND regexp_matches(word, '{logins}')
  ) AS login ON login.id = hits.path
  CROSS JOIN word
),
found AS (
  {found}
),
example AS (
  SELECT detection, source, list(coalesce(by_path.word, '') || coalesce('?' || by_query.word, '')) AS tried
  FROM (SELECT detection, source, unnest(tried, recursive := true) FROM found) AS one
  JOIN (FROM words WHERE field = {path}) AS by_path ON by_path.id = one.path
  JOIN (FROM words WHERE field = {query}) AS by_query ON by_query.id = one.query
  GROUP BY ALL
)
SELECT detection, origin.name AS source, first, last, hits, answered, example.tried
FROM found
JOIN example USING (detection, source)
JOIN origin USING (source)
ORDER BY last DESC, detection, origin.name
