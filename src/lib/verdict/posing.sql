-- What visitors without a part of a page did to send forms by program: one row for each who did.
CREATE OR REPLACE TEMP TABLE posing AS
WITH bare AS (
  SELECT visitor, client, source, seq, time, method, path
  FROM hits
  WHERE
    is_request
    AND NOT is_asset
    AND {of_days}
    AND visitor IN (SELECT visitor FROM conduct WHERE assets = 0)
),
got AS (FROM bare WHERE method = (SELECT id FROM words WHERE field = {method} AND word = 'GET')),
posted AS (FROM bare WHERE method = (SELECT id FROM words WHERE field = {method} AND word = 'POST')),
quick AS (
  SELECT visitor, count(DISTINCT posted.seq) AS quick_posts
  FROM posted
  JOIN got USING (visitor, path)
  WHERE posted.time - got.time BETWEEN INTERVAL 0 SECOND AND INTERVAL 3 SECOND
  GROUP BY visitor
),
-- The page that each referrer names; none if nobody asked for it.
form AS (
  SELECT DISTINCT source, path
  FROM hits
  WHERE is_request AND method IN (SELECT id FROM words WHERE field = {method} AND word = 'POST') AND {of_days}
),
-- Few of all sources: text is looked up for these alone.
referring AS (
  FROM sources
  WHERE
    referrer_domain > 0
    AND (source IN (SELECT source FROM bare) OR source IN (SELECT source FROM form))
),
origin AS (
  SELECT
    source,
    referrer_domain,
    kind.word = 'internal' AS is_internal,
    regexp_extract(referrer.word, '^\w+://[^/?#]*([^?#]*)', 1) AS path
  FROM referring
  JOIN (FROM words WHERE field = {referrer}) AS referrer ON referrer.id = referring.referrer
  JOIN (FROM words WHERE field = {referrer_kind}) AS kind ON kind.id = referrer_kind
  WHERE is_internal OR referrer_domain IN (SELECT referrer_domain FROM form JOIN sources USING (source))
),
linking AS (
  SELECT source, referrer_domain, is_internal, page.id AS page
  FROM origin
  LEFT JOIN (FROM words WHERE field = {path}) AS page ON page.word = origin.path
  -- An encoded path may be in the log in another form, and a referrer may have been cut to its origin.
  WHERE origin.path <> '' AND NOT contains(origin.path, '%')
),
-- The domains of the site, also in a log without hosts: a form is sent from its own page.
own AS (
  SELECT DISTINCT referrer_domain FROM linking JOIN form USING (source) WHERE page = form.path
),
address AS (SELECT client, ip FROM clients WHERE ip > 0),
linked AS (
  SELECT visitor, ip, time::DATE AS day, page
  FROM bare
  JOIN linking USING (source)
  JOIN address USING (client)
  WHERE is_internal OR referrer_domain IN (FROM own)
),
opened AS (
  SELECT ip, time::DATE AS day, path AS page
  FROM got
  JOIN address USING (client)
  WHERE path IN (SELECT page FROM linked)
),
pretended AS (
  SELECT visitor, count(*) AS false_referrers
  FROM linked
  ANTI JOIN opened USING (ip, day, page)
  GROUP BY visitor
)
SELECT visitor, coalesce(quick_posts, 0) AS quick_posts, coalesce(false_referrers, 0) AS false_referrers
FROM quick
FULL JOIN pretended USING (visitor)
