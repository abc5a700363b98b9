-- Calls referrers of the site's own domains internal, in {table}.
UPDATE {table}
SET referrer_kind = (SELECT id FROM words WHERE field = {referrer_kind} AND word = 'internal')
WHERE referrer_domain IN (FROM own_domains)
  AND referrer_kind = (SELECT id FROM words WHERE field = {referrer_kind} AND word = 'link')
