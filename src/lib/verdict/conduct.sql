-- What each visitor that is to be judged did: one row a visitor.
CREATE OR REPLACE TEMP TABLE conduct AS
WITH probe AS (
  SELECT field, id, family IN ({attacks}) AS is_attack
  FROM probed
),
told AS (
  SELECT id
  FROM words
  WHERE field = {path} AND regexp_matches(word, '^/robots\.txt$|(?i)sitemap[\w.-]*\.(?:xml|txt)(?:\.gz)?$')
),
hit AS (
  SELECT
    hits.* EXCLUDE (path, query, method),
    hits.path,
    coalesce(status IN (200, 206, 304), false) AS is_answered,
    by_path.is_attack OR by_query.is_attack AS is_attack,
    by_path.id IS NOT NULL OR by_query.id IS NOT NULL AS is_probe,
    told.id IS NOT NULL AS is_told,
    verb.word AS method,
    kind.word AS referrer_kind
  FROM hits
  SEMI JOIN judged ON judged.visitor = hits.visitor
  LEFT JOIN (FROM probe WHERE field = {path}) AS by_path ON by_path.id = hits.path
  LEFT JOIN (FROM probe WHERE field = {query}) AS by_query ON by_query.id = hits.query
  LEFT JOIN told ON told.id = hits.path
  JOIN (FROM words WHERE field = {method}) AS verb ON verb.id = hits.method
  JOIN sources ON sources.source = hits.source
  JOIN (FROM words WHERE field = {referrer_kind}) AS kind ON kind.id = sources.referrer_kind
  WHERE is_request AND {of_days}
)
SELECT
  visitor,
  any_value(client) AS client,
  bool_or(is_bot) AS is_bot,
  min(time) AS first,
  epoch_ms(max(time)) - epoch_ms(min(time)) AS length,
  count(*) AS hits,
  count(*) FILTER (is_page_view) AS pages,
  count(DISTINCT path) FILTER (is_page_view) AS paths,
  count(*) FILTER (is_asset AND is_answered) AS assets,
  count(*) FILTER (is_attack AND NOT is_answered) AS attacks,
  count(*) FILTER (is_probe AND NOT is_answered) AS probes,
  count(*) FILTER (NOT is_asset AND status BETWEEN 400 AND 499 AND status NOT IN (401, 408, 429, 499)) AS refused,
  count(*) FILTER (status >= 400) AS failed,
  count(*) FILTER (is_told) AS told,
  count(*) FILTER (method = 'HEAD') AS heads,
  count(*) FILTER (method = 'POST') AS posts,
  count(*) FILTER (method NOT IN ('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')) AS odd_methods,
  count(*) FILTER (path = 0) AS unreadable,
  count(*) FILTER (is_page_view AND referrer_kind = 'internal') AS followed,
  count(*) FILTER (referrer_kind <> 'direct') AS linked,
  count(*) FILTER (remote_user > 0 AND is_answered) AS signed_in
FROM hit
GROUP BY visitor
