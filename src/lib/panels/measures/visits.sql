-- Visitors and visits. A visitor is counted wherever one of the hits is; `before` is where the same visitor was before
-- that, so that any stretch can leave out whom it has counted already. A visit is counted where its first hit is.
WITH stay AS (
  SELECT visitor, visit, {at(time)} AS slot, min(time) AS first
  FROM {hits}
  GROUP BY ALL
),
step AS (
  SELECT slot, lag(slot) OVER w AS before, visit IS DISTINCT FROM lag(visit) OVER w AS starts
  FROM stay
  WINDOW w AS (PARTITION BY visitor ORDER BY first)
)
SELECT slot, before, count(*) FILTER (before IS DISTINCT FROM slot) AS visitors, count(*) FILTER (starts) AS visits
FROM step
WHERE starts OR before <> slot
GROUP BY ALL
