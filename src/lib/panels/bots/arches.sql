-- The key figures of bots by slot and, with `slot` null, of the whole period.
WITH bot AS (
  SELECT
    client,
    coalesce(regexp_matches(purpose.word, '(?:^|, )ai_'), false) AS is_ai,
    proof.word AS proof
  FROM clients
  JOIN (FROM words WHERE field = {bot_purpose}) AS purpose ON purpose.id = bot_purpose
  JOIN (FROM words WHERE field = {bot_proof}) AS proof ON proof.id = bot_proof
)
SELECT
  {slot} AS slot,
  count(*)::DOUBLE AS requests,
  coalesce(sum(bytes), 0)::DOUBLE AS bytes,
  count(*) FILTER (class = {bots})::DOUBLE AS bots,
  count(*) FILTER (class = {bots} AND proof IN ('verified', 'signed'))::DOUBLE AS proven,
  count(*) FILTER (class = {suspicious})::DOUBLE AS suspicious,
  count(*) FILTER (is_ai)::DOUBLE AS ai,
  coalesce(sum(bytes) FILTER (is_ai), 0)::DOUBLE AS ai_bytes,
  count(*) FILTER (proof = 'impostor')::DOUBLE AS pretended,
  count(DISTINCT visitor) FILTER (proof = 'impostor')::DOUBLE AS impostors
FROM selected('', '{period}') AS hits
JOIN bot USING (client)
GROUP BY GROUPING SETS (({slot}), ())
HAVING count(*) > 0
