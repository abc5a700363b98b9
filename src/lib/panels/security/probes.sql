-- The hits of a period that are attacks, or that look for what is not here: a WITH clause.
WITH client AS (
  SELECT client, ip, client_name, as_org, country, family AS agent_family
  FROM clients
  LEFT JOIN (FROM probed WHERE field = {user_agent}) AS by_agent ON by_agent.id = user_agent
),
referred AS (
  SELECT source, family AS referrer_family
  FROM sources
  LEFT JOIN (FROM probed WHERE field = {referrer}) AS by_referrer ON by_referrer.id = referrer
),
-- Paths whose answers the owner found harmless.
harmless AS (
  SELECT id FROM words WHERE field = {path} AND list_contains(getvariable('harmless')::VARCHAR[], word)
),
hit AS MATERIALIZED (
  SELECT *, status BETWEEN 200 AND 299 AND is_attack AND path NOT IN (FROM harmless) AS is_answered
  FROM (
    SELECT *, family IN ({attacks}) AS is_attack
    FROM (
      SELECT
        time,
        status,
        bytes,
        hits.path,
        hits.query,
        method,
        client.* EXCLUDE (client, agent_family),
        coalesce(by_path.family, by_query.family, agent_family, referrer_family) AS family
      FROM selected('{own}', '{period}') AS hits
      JOIN client ON client.client = hits.client
      JOIN referred ON referred.source = hits.source
      LEFT JOIN (FROM probed WHERE field = {path}) AS by_path ON by_path.id = hits.path
      LEFT JOIN (FROM probed WHERE field = {query}) AS by_query ON by_query.id = hits.query
    )
  )
  WHERE family IS NOT NULL AND (is_attack OR status >= 400)
)
