-- What each visitor that is to be judged did: one row a visitor.
CREATE OR REPLACE TEMP TABLE conduct AS
{hit},
-- Visitors without a part of a page, as who sends forms by program.
bare AS (
  SELECT
    visitor,
    source,
    seq,
    time,
    method = 'GET' AS is_get,
    method = 'POST' AS is_post,
    path,
    ip,
    time::DATE AS day
  FROM hit
  JOIN (SELECT visitor FROM hit GROUP BY visitor HAVING NOT bool_or(is_asset AND is_answered)) USING (visitor)
  JOIN (SELECT client, ip FROM clients) USING (client)
  WHERE NOT is_asset
),
quick AS (
  SELECT visitor, count(DISTINCT posted.seq) AS quick_posts
  FROM (FROM bare WHERE is_post) AS posted
  JOIN (FROM bare WHERE is_get) AS got USING (visitor, path)
  WHERE posted.time - got.time BETWEEN INTERVAL 0 SECOND AND INTERVAL 3 SECOND
  GROUP BY visitor
),
-- The page that each referrer names; none if nobody asked for it.
form AS (
  SELECT DISTINCT source, path
  FROM hits
  WHERE is_request AND method IN (SELECT id FROM words WHERE field = {method} AND word = 'POST') AND {of_days}
),
origin AS (
  SELECT source, referrer_domain, referrer_kind, regexp_extract(word, '^\w+://[^/?#]*([^?#]*)', 1) AS path
  FROM sources
  JOIN (FROM words WHERE field = {referrer}) AS referrer ON referrer.id = sources.referrer
  WHERE referrer_domain > 0 AND (source IN (SELECT source FROM bare) OR source IN (SELECT source FROM form))
),
linking AS (
  SELECT source, referrer_domain, kind.word = 'internal' AS is_internal, page.id AS page
  FROM origin
  JOIN (FROM words WHERE field = {referrer_kind}) AS kind ON kind.id = referrer_kind
  LEFT JOIN (FROM words WHERE field = {path}) AS page ON page.word = origin.path
  -- An encoded path may be in the log in another form, and a referrer may have been cut to its origin.
  WHERE origin.path <> '' AND NOT contains(origin.path, '%')
),
-- The domains of the site, also in a log without hosts: a form is sent from its own page.
own AS (
  SELECT DISTINCT referrer_domain FROM linking JOIN form USING (source) WHERE page = form.path
),
pretended AS (
  SELECT visitor, count(*) AS false_referrers
  FROM bare
  JOIN linking USING (source)
  ANTI JOIN (SELECT DISTINCT ip, day, path FROM bare WHERE is_get AND path IN (SELECT page FROM linking)) AS read
    ON read.ip = bare.ip AND read.day = bare.day AND read.path = linking.page
  WHERE bare.ip > 0 AND (is_internal OR referrer_domain IN (FROM own))
  GROUP BY visitor
)
SELECT
  visitor,
  any_value(client) AS client,
  bool_or(is_bot) AS is_bot,
  min(time) AS first,
  epoch_ms(max(time)) - epoch_ms(min(time)) AS length,
  count(DISTINCT path) FILTER (is_page_view) AS paths,
  coalesce(any_value(quick_posts), 0) AS quick_posts,
  coalesce(any_value(false_referrers), 0) AS false_referrers,
  {signs}
FROM hit
LEFT JOIN quick USING (visitor)
LEFT JOIN pretended USING (visitor)
GROUP BY visitor
