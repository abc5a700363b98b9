-- Attacks that were answered with 2xx, and how many bytes other answers at the same path have.
{probes},
answered AS (
  SELECT
    path,
    query,
    method,
    family,
    max(status) AS status,
    max(bytes) AS bytes,
    count(*)::DOUBLE AS requests,
    max(time) AS last,
    arg_max(ip, time) AS ip,
    arg_max(as_org, time) AS as_org,
    count(DISTINCT ip)::DOUBLE AS addresses,
    count(*) OVER ()::DOUBLE AS listed
  FROM hit
  WHERE is_answered
  GROUP BY path, query, method, family
  ORDER BY last DESC
  LIMIT 12
),
usual AS (
  SELECT path, median(bytes) AS usual
  FROM selected('', 'now')
  WHERE path IN (SELECT path FROM answered)
    AND status BETWEEN 200 AND 299
    AND query NOT IN (SELECT id FROM probed WHERE field = {query})
    AND path NOT IN (SELECT id FROM probed WHERE field = {path})
  GROUP BY path
  HAVING count(*) >= 3
)
SELECT
  by_path.value AS path,
  by_query.value AS query,
  by_method.value AS method,
  family,
  status,
  bytes,
  usual,
  requests,
  last,
  by_ip.value AS ip,
  by_org.value AS as_org,
  addresses,
  listed
FROM answered
LEFT JOIN usual USING (path)
JOIN {paths} AS by_path ON by_path.key = path
JOIN {queries} AS by_query ON by_query.key = query
JOIN {methods} AS by_method ON by_method.key = method
JOIN {ips} AS by_ip ON by_ip.key = ip
JOIN {orgs} AS by_org ON by_org.key = as_org
ORDER BY last DESC, path, query
