-- Adds the word for referrers within the site, if no hit had it yet.
INSERT INTO words
SELECT (SELECT max(id) + 1 FROM words WHERE field = {referrer_kind}), {referrer_kind}, 'internal'
WHERE EXISTS (FROM own_domains)
  AND NOT EXISTS (FROM words WHERE field = {referrer_kind} AND word = 'internal')
