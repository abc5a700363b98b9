-- One row a visit that has a page, with a column of the first or the last page of it. Who stayed no longer than a visit's
-- gap made one: only the hits of the others are put in order. Hits of a visitor are of one UTC day, so one number tells
-- their order: the time of the day, then `seq`.
WITH stay AS MATERIALIZED (
  SELECT
    visitor,
    epoch_ms(max(time)) - epoch_ms(min(time)) > {visit_gap} AS is_long,
    {end}({column}, {order}) FILTER (is_page_view) AS {column},
    min(time) FILTER (is_page_view) AS time,
    count(*) FILTER (is_page_view) AS requests
  FROM {hits}
  GROUP BY visitor
)
SELECT visitor, {column}, time, requests
FROM stay
WHERE NOT is_long AND requests > 0
UNION ALL
SELECT visitor, {end}({column}, {order}) AS {column}, min(time) AS time, count(*) AS requests
FROM (
  SELECT *, sum(starts::INTEGER) OVER (PARTITION BY visitor ORDER BY {order}) AS visit
  FROM (
    SELECT
      visitor,
      time,
      seq,
      {column},
      is_page_view,
      coalesce(epoch_ms(time) - lag(epoch_ms(time)) OVER w > {visit_gap}, true) AS starts
    FROM {hits}
    WHERE visitor IN (SELECT visitor FROM stay WHERE is_long)
    WINDOW w AS (PARTITION BY visitor ORDER BY {order})
  )
)
WHERE is_page_view
GROUP BY visitor, visit
