-- Calls referrers of the site's own domains internal, in {table}.
UPDATE {table}
SET referrer_kind = (SELECT id FROM words WHERE field = {referrer_kind} AND word = 'internal')
FROM own_domains AS own
WHERE referrer_domain = own.domain AND referrer_kind = own.kind
