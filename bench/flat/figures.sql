-- The key figures by bucket and class, and in total with bucket null.
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
  count(*) FILTER (is_page_view(method, is_asset, path, status))::DOUBLE AS page_views,
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
HAVING count(*) > 0
UNION ALL BY NAME
{latency}
ORDER BY ALL
