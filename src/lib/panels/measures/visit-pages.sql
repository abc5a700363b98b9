-- One row a visit: the first and the last page of it, and where it came from by its first page. Who stayed no longer than a visit's gap made one: only the hits of
-- the others are put in order.
WITH stay AS MATERIALIZED (
  SELECT visitor, class, epoch_ms(max(time)) - epoch_ms(min(time)) > {visit_gap} AS is_long
  FROM {hits}
  GROUP BY ALL
),
started AS (
  SELECT *, coalesce(epoch_ms(time) - lag(epoch_ms(time)) OVER w > {visit_gap}, true) AS starts
  FROM {hits}
  SEMI JOIN (FROM stay WHERE is_long) AS long USING (visitor, class)
  WINDOW w AS (PARTITION BY visitor, class ORDER BY time, seq)
),
numbered AS (
  SELECT visitor, class, time, seq, path, source, query, is_page_view, 1 AS visit
  FROM {hits}
  SEMI JOIN (FROM stay WHERE NOT is_long) AS short USING (visitor, class)
  UNION ALL
  SELECT
    visitor,
    class,
    time,
    seq,
    path,
    source,
    query,
    is_page_view,
    sum(starts::INTEGER) OVER (PARTITION BY visitor, class ORDER BY time, seq) AS visit
  FROM started
)
SELECT
  visitor,
  class,
  arg_min(source, (time, seq)) AS source,
  arg_min(query, (time, seq)) AS query,
  arg_min(path, (time, seq)) AS entry,
  arg_max(path, (time, seq)) AS exit,
  min(time) AS time,
  count(*) AS requests
FROM numbered
WHERE is_page_view
GROUP BY visitor, class, visit
