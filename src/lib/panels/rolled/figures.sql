-- What roll-ups add to figures.sql: of whole days without a filter, all but latency. Only of a
-- day in which a bucket ends is it counted who was there: of others that is known.
UNION ALL BY NAME
SELECT
  bucket(time) AS bucket,
  is_bot,
  true AS is_counted,
  sum(requests)::DOUBLE AS requests,
  sum(page_views)::DOUBLE AS page_views,
  sum(bytes)::DOUBLE AS bytes,
  sum(refused)::DOUBLE AS refused,
  sum(errors)::DOUBLE AS errors,
  sum(visits) FILTER ({audience})::DOUBLE AS visits
FROM rolled_times
WHERE {is_told} AND is_looked_at(is_bot)
GROUP BY ALL
UNION ALL BY NAME
SELECT bucket(time) AS bucket, is_bot, count(DISTINCT visitor)::DOUBLE AS visitors
FROM rolled_visitors
WHERE {is_told} AND {audience}
  AND epoch_ms(time) // 86_400_000 IN (SELECT epoch_ms(time) // 86_400_000 FROM rolled_days WHERE {is_cut})
GROUP BY ALL
UNION ALL BY NAME
SELECT bucket(time) AS bucket, is_bot, sum(visitors)::DOUBLE AS visitors
FROM rolled_days
WHERE {is_told} AND {audience} AND NOT {is_cut}
GROUP BY ALL
UNION ALL BY NAME
SELECT is_bot, sum(visitors)::DOUBLE AS visitors
FROM rolled_days
WHERE {is_told} AND {audience}
GROUP BY ALL
