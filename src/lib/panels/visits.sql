-- One row a visit of those looked at: the first and the last page of it.
WITH hit AS (
  SELECT
    visitor, time, seq, path,
    is_page_view(method, is_asset, path, status) AS is_page_view,
    coalesce(time - lag(time) OVER w > INTERVAL 30 MINUTE, true) AS starts
  FROM selected('{own}', '{period}')
  WHERE kind = 'request' AND {audience}
  WINDOW w AS (PARTITION BY visitor ORDER BY time, seq)
),
numbered AS (
  SELECT visitor, time, seq, path, is_page_view,
    sum(starts::INTEGER) OVER (PARTITION BY visitor ORDER BY time, seq) AS visit
  FROM hit
)
SELECT
  arg_min(path, (time, seq)) AS entry,
  arg_max(path, (time, seq)) AS exit,
  min(time) AS time,
  count(*) AS requests
FROM numbered
WHERE is_page_view
GROUP BY visitor, visit
