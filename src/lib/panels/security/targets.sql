-- The paths that probes asked for.
{probes}
SELECT
  value AS path,
  arg_max(status, time) AS status,
  count(*)::DOUBLE AS requests,
  count(*) FILTER (is_answered)::DOUBLE AS answered,
  count(DISTINCT ip)::DOUBLE AS addresses
FROM hit
JOIN {paths} AS by_path ON by_path.key = path
WHERE path > 0
GROUP BY value
ORDER BY requests DESC, path
LIMIT 12
