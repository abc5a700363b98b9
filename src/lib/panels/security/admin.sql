-- The pages of administration that were asked for: how often they were refused, and how often answered.
SELECT
  by_path.value AS path,
  count(*) FILTER (status >= 400)::DOUBLE AS refused,
  count(*) FILTER (status BETWEEN 200 AND 299)::DOUBLE AS answered,
  count(DISTINCT client)::DOUBLE AS clients
FROM selected('{own}', 'now') AS hits
JOIN (FROM probed WHERE field = {path} AND family = 'admin') AS admin ON admin.id = hits.path
JOIN {paths} AS by_path ON by_path.key = hits.path
WHERE NOT is_asset
GROUP BY by_path.value
ORDER BY count(*) DESC, path
LIMIT 12
