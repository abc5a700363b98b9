-- The addresses that attacked, for a list that blocks them. Crawlers that are known for sure are left out.
{probes}
SELECT by_ip.value AS ip, count(*)::DOUBLE AS attacks, mode(family) AS family
FROM hit
JOIN {ips} AS by_ip ON by_ip.key = ip
WHERE is_attack AND ip > 0 AND ip NOT IN (
  SELECT ip
  FROM clients
  JOIN (FROM {proofs} WHERE value IN ('verified', 'signed')) AS proof ON proof.key = bot_proof
)
GROUP BY ALL
ORDER BY attacks DESC, ip
LIMIT 10000
