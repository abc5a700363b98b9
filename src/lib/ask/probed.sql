-- The family of probes that a hit is of: a join, which names its client, source, path and query.
JOIN (
  SELECT client, family AS agent_family
  FROM clients
  LEFT JOIN (FROM probed WHERE field = {user_agent}) AS by_agent ON by_agent.id = user_agent
) AS by_client USING (client)
JOIN (
  SELECT source, family AS referrer_family
  FROM sources
  LEFT JOIN (FROM probed WHERE field = {referrer}) AS by_referrer ON by_referrer.id = referrer
) AS by_source USING (source)
LEFT JOIN (SELECT id AS path, family AS path_family FROM probed WHERE field = {path}) AS by_path USING (path)
LEFT JOIN (SELECT id AS query, family AS query_family FROM probed WHERE field = {query}) AS by_query USING (query)
