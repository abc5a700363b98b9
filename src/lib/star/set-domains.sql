-- Adds the domains that the owner set, separated by spaces, and their subdomains.
INSERT INTO own_domains
WITH named AS (
  SELECT id AS domain
  FROM words
  JOIN (SELECT unnest(string_split(?, ' ')) AS own)
    ON word = own OR ends_with(word, '.' || own)
  WHERE field = {referrer_domain}
)
SELECT DISTINCT domain, referrer_kind AS kind
FROM sources
JOIN named ON named.domain = referrer_domain
JOIN (FROM words WHERE field = {referrer_kind} AND word <> 'internal') AS other ON other.id = referrer_kind
ANTI JOIN own_domains ON own_domains.domain = named.domain AND own_domains.kind = referrer_kind
