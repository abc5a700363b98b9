-- Restores the kind of referrers from own domains, except from hosts that the log names.
UPDATE sources
SET referrer_kind = own.kind
FROM (SELECT domain, min(kind) AS kind FROM own_domains GROUP BY domain) AS own
JOIN (FROM words WHERE field = {referrer_domain}) AS word ON word.id = own.domain
WHERE referrer_domain = own.domain
  AND referrer_kind = (SELECT id FROM words WHERE field = {referrer_kind} AND word = 'internal')
  AND word.word NOT IN (
    SELECT regexp_replace(lower(word), '^www\.|:\d*$', '', 'g') FROM words WHERE field = {host} AND id > 0
  );

DELETE FROM own_domains
