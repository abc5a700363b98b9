-- The same with what the client and the address of each visitor tell besides.
CREATE OR REPLACE TEMP TABLE seen AS
WITH agent AS (
  SELECT
    id AS user_agent,
    TRY_CAST(regexp_extract(word, '(?:Chrome|CriOS)/(\d+)\.', 1) AS INTEGER) AS chrome,
    TRY_CAST(regexp_extract(word, 'Firefox/(\d+)\.', 1) AS INTEGER) AS firefox,
    TRY_CAST(regexp_extract(word, 'rv:(\d+)\.', 1) AS INTEGER) AS gecko,
    regexp_matches(word, '{ancient}') AS is_ancient,
    regexp_matches(word, '{impossible}') AS is_impossible
  FROM words
  WHERE field = {user_agent} AND id IN (SELECT user_agent FROM clients SEMI JOIN conduct USING (client))
),
dated AS (
  SELECT
    user_agent,
    -- Firefox said 109 of its engine for ten versions.
    is_impossible OR coalesce(gecko NOT IN (109, firefox), false) AS is_impossible,
    -- Days since 1970: when the version came out, as long as browsers kept to their rhythm of that time.
    CASE
      WHEN is_ancient THEN 14_975
      WHEN chrome >= 94 THEN 18_891 + (chrome - 94) * 31.3
      WHEN chrome IS NOT NULL THEN 18_891 - (94 - chrome) * 45.5
      WHEN firefox >= 72 THEN 18_268 + (firefox - 72) * 29.3
      WHEN firefox IS NOT NULL THEN 18_268 - (72 - firefox) * 46
    END AS released
  FROM agent
),
org AS (
  SELECT id, coalesce(regexp_matches(word, '{hosting}'), false) AS is_hosting
  FROM words
  WHERE field = {as_org}
),
client AS (
  SELECT
    client,
    ip,
    purpose.word AS bot_purpose,
    proof.word AS proof,
    is_hosting,
    is_impossible,
    released
  FROM clients
  SEMI JOIN conduct USING (client)
  JOIN dated USING (user_agent)
  JOIN (FROM words WHERE field = {bot_purpose}) AS purpose ON purpose.id = bot_purpose
  JOIN (FROM words WHERE field = {bot_proof}) AS proof ON proof.id = bot_proof
  JOIN org ON org.id = clients.as_org
),
attacked AS (
  SELECT ip, first::DATE AS day, sum(attacks) AS attacks
  FROM conduct
  JOIN (SELECT client, ip FROM clients) USING (client)
  WHERE attacks > 0 AND ip > 0
  GROUP BY ALL
)
SELECT
  conduct.*,
  coalesce(quick_posts, 0) AS quick_posts,
  coalesce(false_referrers, 0) AS false_referrers,
  client.* EXCLUDE (client, released),
  epoch_ms(first) / 86_400_000 - released AS browser_age,
  coalesce(attacked.attacks, 0)::BIGINT AS address_attacks,
  {has_assets} AS site_has_assets,
  {is_crowded} AS site_is_crowded,
  {is_spammed} AS site_is_spammed
FROM conduct
JOIN client USING (client)
LEFT JOIN posing USING (visitor)
LEFT JOIN attacked ON attacked.ip = client.ip AND attacked.day = first::DATE
