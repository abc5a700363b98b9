-- What adds up, by quarters of an hour; a visit counts where its first hit is. As in figures.sql only the hits of those
-- who stayed longer than half an hour are put in order.
INSERT INTO rolled_times
WITH hit AS NOT MATERIALIZED (
  SELECT epoch_ms(epoch_ms(time) // 900_000 * 900_000) AS quarter, *
  FROM {hits}
),
stay AS MATERIALIZED (
  SELECT visitor, is_bot, min(quarter) AS quarter, epoch_ms(max(time)) - epoch_ms(min(time)) > 1_800_000 AS is_long
  FROM hit
  GROUP BY ALL
),
visit AS (
  SELECT quarter, is_bot FROM stay WHERE NOT is_long
  UNION ALL
  SELECT quarter, is_bot
  FROM (
    SELECT
      quarter,
      is_bot,
      coalesce(
        epoch_ms(time) - lag(epoch_ms(time)) OVER (PARTITION BY visitor, is_bot ORDER BY epoch_ms(time)) > 1_800_000,
        true
      ) AS starts
    FROM hit SEMI JOIN (FROM stay WHERE is_long) AS long USING (visitor, is_bot)
  )
  WHERE starts
)
SELECT quarter, is_bot, sum(requests), sum(page_views), sum(bytes), sum(refused), sum(errors), sum(visits)
FROM (
  SELECT
    quarter,
    is_bot,
    count(*) AS requests,
    count(*) FILTER (is_page_view) AS page_views,
    coalesce(sum(bytes), 0) AS bytes,
    count(*) FILTER (status BETWEEN 400 AND 499) AS refused,
    count(*) FILTER (status >= 500) AS errors,
    0 AS visits
  FROM hit
  GROUP BY ALL
  UNION ALL
  SELECT quarter, is_bot, 0, 0, 0, 0, 0, count(*) FROM visit GROUP BY ALL
)
GROUP BY ALL
ORDER BY ALL
