-- The key figures of each class of hits by bucket, in rows that `splits` puts together: what adds up, apart for what
-- counts in the totals and what does not; visits, each where its first hit is, and visitors; visitors and latency, which do
-- not add up, by bucket and, with bucket null, in total. Grouping by several sets in one would take the engine twice as
-- long.
WITH visits AS MATERIALIZED (FROM {visits})
SELECT
  bucket(slot) AS bucket,
  class,
  {is_counted(slot)} AS is_counted,
  sum(requests)::DOUBLE AS requests,
  sum(page_views)::DOUBLE AS page_views,
  sum(bytes)::DOUBLE AS bytes,
  sum(refused)::DOUBLE AS refused,
  sum(errors)::DOUBLE AS errors
FROM {requests}
GROUP BY ALL
UNION ALL BY NAME
SELECT bucket(slot) AS bucket, class, {is_counted(slot)} AS is_counted, sum(visits)::DOUBLE AS visits
FROM visits
GROUP BY ALL
UNION ALL BY NAME
SELECT bucket(slot) AS bucket, class, sum(visitors)::DOUBLE AS visitors
FROM visits
WHERE before IS NULL OR bucket(before) <> bucket(slot)
GROUP BY ALL
UNION ALL BY NAME
SELECT class, sum(visitors)::DOUBLE AS visitors
FROM visits
WHERE {is_counted(slot)} AND (before IS NULL OR NOT {is_counted(before)})
GROUP BY ALL
UNION ALL BY NAME
{latency}
ORDER BY ALL
