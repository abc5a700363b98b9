-- One row for each kind of answer and slot of the range.
SELECT
  status,
  coalesce(method, 'None') AS method,
  CASE WHEN is_asset THEN 'Asset' WHEN starts_with(path, '/api/') THEN 'API' ELSE 'Page' END AS type,
  {slot} AS slot,
  count(*) AS requests
FROM selected('{own}', '{period}')
WHERE kind = 'request'
GROUP BY ALL
