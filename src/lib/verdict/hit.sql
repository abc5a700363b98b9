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
hit AS (
  SELECT
    {columns},
    coalesce(status IN (200, 206, 304), false) AS is_answered,
    by_path.is_attack OR by_query.is_attack AS is_attack,
    by_path.id IS NOT NULL OR by_query.id IS NOT NULL AS is_probe,
    coalesce(by_path.family, by_query.family) AS family,
    told.id IS NOT NULL AS is_told,
    verb.word AS method,
    protocol.word AS protocol,
    kind.word AS referrer_kind
  FROM {hits} AS hits
  LEFT JOIN (FROM probe WHERE field = {path}) AS by_path ON by_path.id = hits.path
  LEFT JOIN (FROM probe WHERE field = {query}) AS by_query ON by_query.id = hits.query
  LEFT JOIN told ON told.id = hits.path
  JOIN (FROM words WHERE field = {method}) AS verb ON verb.id = hits.method
  JOIN (FROM words WHERE field = {protocol}) AS protocol ON protocol.id = hits.protocol
  JOIN sources ON sources.source = hits.source
  JOIN (FROM words WHERE field = {referrer_kind}) AS kind ON kind.id = sources.referrer_kind
)
