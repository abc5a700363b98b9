-- Hits with what the rules ask of each: a WITH clause.
WITH probe AS (
  SELECT field, id, family, family IN ({attacks}) AS is_attack
  FROM probed
),
told AS (
  SELECT id
  FROM words
  WHERE field = {path} AND regexp_matches(word, '^/robots\.txt$|(?i)sitemap[\w.-]*\.(?:xml|txt)(?:\.gz)?$')
),
-- The numbers of the words that rules ask for, -1 where the log lacks one. To compare texts takes three times as long.
word AS (
  SELECT
    coalesce(max(id) FILTER (field = {method} AND word = 'HEAD'), -1) AS head,
    coalesce(max(id) FILTER (field = {method} AND word = 'POST'), -1) AS post,
    coalesce(
      list(id) FILTER (field = {method} AND word IN ('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')),
      []
    ) AS usual,
    coalesce(max(id) FILTER (field = {protocol} AND word = 'HTTP/1.0'), -1) AS old_protocol,
    coalesce(max(id) FILTER (field = {referrer_kind} AND word = 'internal'), -1) AS internal,
    coalesce(max(id) FILTER (field = {referrer_kind} AND word = 'direct'), -1) AS direct
  FROM words
  WHERE field = {method} OR field = {protocol} OR field = {referrer_kind}
),
hit AS (
  SELECT
    {columns},
    coalesce(status IN (200, 206, 304), false) AS is_answered,
    by_path.is_attack OR by_query.is_attack AS is_attack,
    by_path.id IS NOT NULL OR by_query.id IS NOT NULL AS is_probe,
    coalesce(by_path.family, by_query.family) AS family,
    told.id IS NOT NULL AS is_told,
    hits.method = word.head AS is_head,
    hits.method = word.post AS is_post,
    hits.method > 0 AND NOT list_contains(word.usual, hits.method) AS is_odd_method,
    hits.protocol = word.old_protocol AS is_old_protocol,
    sources.referrer_kind = word.internal AS is_internal,
    sources.referrer_kind > 0 AND sources.referrer_kind <> word.direct AS is_linked
  FROM {hits} AS hits
  LEFT JOIN (FROM probe WHERE field = {path}) AS by_path ON by_path.id = hits.path
  LEFT JOIN (FROM probe WHERE field = {query}) AS by_query ON by_query.id = hits.query
  LEFT JOIN told ON told.id = hits.path
  JOIN sources ON sources.source = hits.source
  CROSS JOIN word
)
