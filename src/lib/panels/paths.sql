-- One row for each path and slot of the range.
SELECT
  path,
  {slot} AS slot,
  count(*) AS requests,
  count(*) FILTER (coalesce(method, 'GET') = 'GET' AND NOT is_asset AND NOT starts_with(path, '/api/')
    AND (status BETWEEN 200 AND 299 OR status = 304)) AS page_views
FROM selected('{own}', '{period}')
WHERE kind = 'request'
GROUP BY ALL
