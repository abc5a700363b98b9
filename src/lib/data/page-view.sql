-- Whether a request is for a page that somebody got to see.
CREATE OR REPLACE TEMP MACRO is_page_view(method, is_asset, path, status) AS
  NOT is_asset
  AND (status BETWEEN 200 AND 299 OR status = 304)
  AND coalesce(method, 'GET') = 'GET'
  AND NOT starts_with(path, '/api/');
