-- The latest requests of a subject under the filter: so many of each visit, and each attack that got an answer.
{hit},
latest AS (
  SELECT *, count(*) OVER () AS listed
  FROM hit
  WHERE {sign}
  QUALIFY (is_attack AND is_answered) IS TRUE
    OR row_number() OVER (PARTITION BY visit ORDER BY time DESC, seq DESC) <= {each}
  ORDER BY (is_attack AND is_answered) IS TRUE DESC, time DESC, seq DESC
  LIMIT {most}
)
SELECT
  seq::DOUBLE AS seq,
  visit::DOUBLE AS visit,
  time,
  status,
  (SELECT value FROM {names(method)} WHERE key = method) AS method,
  (SELECT value FROM {names(path)} WHERE key = path) AS path,
  (SELECT value FROM {names(query)} WHERE key = query) AS query,
  (SELECT value FROM {names(referrer)} WHERE key = sources.referrer) AS referrer,
  bytes::DOUBLE AS bytes,
  duration,
  family,
  is_asset,
  is_page_view,
  coalesce(is_attack AND is_answered, false) AS is_answered_attack,
  listed::DOUBLE AS listed
FROM latest
JOIN sources USING (source)
ORDER BY time DESC, seq DESC
