-- One row a visit of those looked at: the first and the last page of it. Who stayed no longer than half an hour made
-- one: only the hits of the others are put in order.
WITH stay AS MATERIALIZED (
  SELECT visitor, epoch_ms(max(time)) - epoch_ms(min(time)) > 1_800_000 AS is_long
  FROM {hits} AND {audience}
  GROUP BY visitor
),
hit AS NOT MATERIALIZED (
  SELECT visitor, time, seq, path, is_page_view
  FROM {hits} AND {audience}
),
started AS (
  SELECT *, coalesce(time - lag(time) OVER w > INTERVAL 30 MINUTE, true) AS starts
  FROM hit
  WHERE visitor IN (SELECT visitor FROM stay WHERE is_long)
  WINDOW w AS (PARTITION BY visitor ORDER BY time, seq)
),
numbered AS (
  SELECT *, 1 AS visit
  FROM hit
  WHERE visitor IN (SELECT visitor FROM stay WHERE NOT is_long)
  UNION ALL BY NAME
  SELECT * EXCLUDE (starts), sum(starts::INTEGER) OVER (PARTITION BY visitor ORDER BY time, seq) AS visit
  FROM started
)
SELECT
  arg_min(path, (time, seq)) AS entry,
  arg_max(path, (time, seq)) AS exit,
  min(time) AS time,
  count(*) AS requests
FROM numbered
WHERE is_page_view
GROUP BY visitor, visit
