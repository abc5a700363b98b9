-- What roll-ups add to figures.sql: all but latency, of whole days without a filter.
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
GROUP BY ALL
UNION ALL BY NAME
SELECT is_bot, sum(visitors)::DOUBLE AS visitors
FROM rolled_days
WHERE {is_told} AND {audience}
GROUP BY ALL
