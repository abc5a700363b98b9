-- Who sent probes: addresses, their networks, the companies whose networks they are of, or their countries.
{probes},
told AS (
  SELECT hit.*, {key} AS name, by_org.value AS org
  FROM hit
  JOIN {ips} AS by_ip ON by_ip.key = ip
  JOIN {orgs} AS by_org ON by_org.key = as_org
  JOIN {countries} AS by_country ON by_country.key = country
)
SELECT
  name,
  any_value(org) AS as_org,
  count(*)::DOUBLE AS requests,
  count(*) FILTER (is_attack)::DOUBLE AS attacks,
  count(*) FILTER (is_answered)::DOUBLE AS answered,
  list(DISTINCT family ORDER BY family) AS families,
  min(time) AS first,
  max(time) AS last,
  count(*) OVER ()::DOUBLE AS listed
FROM told
WHERE name IS NOT NULL
GROUP BY name
ORDER BY requests DESC, name
LIMIT 12
