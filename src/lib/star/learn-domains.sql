-- Learns the domains of the site itself from a log that names no host, so that its own pages are no sources of visits: at
-- least half of the pages that the domain's referrers name were asked for here. A domain with far fewer such pages than
-- another may share a few paths by chance.
CREATE OR REPLACE TEMP TABLE learned AS
WITH named AS (
  SELECT DISTINCT
    referrer_domain AS domain,
    kind.id AS kind,
    regexp_extract(referrer.word, '^\w+://[^/?#]*([^?#]*)', 1) AS path
  FROM sources
  JOIN (FROM words WHERE field = {referrer}) AS referrer ON referrer.id = sources.referrer
  JOIN (FROM words WHERE field = {referrer_kind} AND word = 'link') AS kind ON kind.id = referrer_kind
  WHERE referrer_domain > 0
),
known AS (
  SELECT domain, kind, count(*) AS pages, count(page.id) AS known
  FROM named
  LEFT JOIN (FROM words WHERE field = {path}) AS page ON page.word = named.path
  WHERE named.path NOT IN ('', '/')
  GROUP BY domain, kind
)
SELECT domain, kind
FROM known
WHERE known >= 3 AND known >= pages / 2 AND 10 * known >= (SELECT max(known) FROM known);

INSERT INTO own_domains FROM learned ANTI JOIN own_domains USING (domain, kind)
