-- The key figures of each class of hits by bucket, in rows that `splits` puts together: what adds up, apart for what
-- counts in the totals and what does not; visits, each where its first hit is, and visitors, both of those alone who are
-- looked at; visitors and latency, which do not add up, by bucket and, with bucket null, in total. Grouping by several
-- sets in one would take the engine twice as long. Who stayed no longer than half an hour made one visit, and who stayed
-- in one bucket is one visitor of it: only the hits of the others are looked at again.
WITH stay AS MATERIALIZED (
  SELECT
    visitor,
    min(time) AS first,
    bucket(min(time)) <> bucket(max(time)) AS is_cut,
    epoch_ms(max(time)) - epoch_ms(min(time)) > 1_800_000 AS is_long
  FROM {rest} AND {audience}
  GROUP BY visitor
),
again AS MATERIALIZED (
  SELECT visitor, time
  FROM {rest} AND {audience} AND visitor IN (SELECT visitor FROM stay WHERE is_cut OR is_long)
)
SELECT
  bucket(time) AS bucket,
  is_bot,
  {counted} AS is_counted,
  count(*)::DOUBLE AS requests,
  count(*) FILTER (is_page_view)::DOUBLE AS page_views,
  coalesce(sum(bytes), 0)::DOUBLE AS bytes,
  count(*) FILTER (status BETWEEN 400 AND 499)::DOUBLE AS refused,
  count(*) FILTER (status >= 500)::DOUBLE AS errors
FROM {rest}
GROUP BY ALL
UNION ALL BY NAME
SELECT bucket(time) AS bucket, {is_bot} AS is_bot, {counted} AS is_counted, count(*)::DOUBLE AS visits
FROM (
  SELECT first AS time FROM stay WHERE NOT is_long
  UNION ALL
  SELECT time
  FROM (
    SELECT
      time,
      coalesce(
        epoch_ms(time) - lag(epoch_ms(time)) OVER (PARTITION BY visitor ORDER BY epoch_ms(time)) > 1_800_000,
        true
      ) AS starts
    FROM again
    WHERE visitor IN (SELECT visitor FROM stay WHERE is_long)
  )
  WHERE starts
)
GROUP BY ALL
UNION ALL BY NAME
SELECT bucket(first) AS bucket, {is_bot} AS is_bot, count(*)::DOUBLE AS visitors
FROM stay
WHERE NOT is_cut
GROUP BY ALL
UNION ALL BY NAME
SELECT bucket(time) AS bucket, {is_bot} AS is_bot, count(DISTINCT visitor)::DOUBLE AS visitors
FROM again
WHERE visitor IN (SELECT visitor FROM stay WHERE is_cut)
GROUP BY ALL
UNION ALL BY NAME
SELECT {is_bot} AS is_bot, count(*)::DOUBLE AS visitors
FROM {counted_visitors}
HAVING count(*) > 0{rolled}
UNION ALL BY NAME
{latency}
ORDER BY ALL
