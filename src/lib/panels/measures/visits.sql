-- Visitors and visits. A visitor is counted wherever one of the hits is; `before` is where the same visitor was before
-- that, so that any stretch can leave out whom it has counted already. A visit is counted where its first hit is. Who
-- stayed in one place and made one visit is counted at once: only the hits of the others are put in order.
WITH stay AS MATERIALIZED (
  SELECT
    visitor,
    {at(first)} AS slot,
    {at(last)} <> {at(first)} OR epoch_ms(last) - epoch_ms(first) > {visit_gap} AS is_long
  FROM (SELECT visitor, min(time) AS first, max(time) AS last FROM {hits} GROUP BY visitor)
),
again AS (
  SELECT visitor, epoch_ms(time) AS ms, {at(time)} AS slot
  FROM {hits}
  WHERE visitor IN (SELECT visitor FROM stay WHERE is_long)
),
step AS (
  SELECT slot, lag(slot) OVER w AS before, coalesce(ms - lag(ms) OVER w > {visit_gap}, true) AS starts
  FROM again
  WINDOW w AS (PARTITION BY visitor ORDER BY ms)
)
SELECT slot, NULL::TIMESTAMP AS before, count(*) AS visitors, count(*) AS visits
FROM stay
WHERE NOT is_long
GROUP BY ALL
UNION ALL
SELECT slot, before, count(*) FILTER (before IS DISTINCT FROM slot) AS visitors, count(*) FILTER (starts) AS visits
FROM step
WHERE starts OR before <> slot
GROUP BY ALL
