-- Each UTC day: all requests, different addresses, average seconds to an answer, and what was asked with what.
WITH hit AS (
  SELECT time::DATE AS day, ip, path, browser, duration
  FROM selected('', 'now')
  WHERE kind = 'request'
),
top_paths AS (
  SELECT day, path AS value, count(*) AS visits
  FROM hit
  GROUP BY day, value
  QUALIFY row_number() OVER (PARTITION BY day ORDER BY visits DESC, value NULLS FIRST) <= 5
),
top_browsers AS (
  SELECT day, browser AS value, count(*) AS visits
  FROM hit
  GROUP BY day, value
  QUALIFY row_number() OVER (PARTITION BY day ORDER BY visits DESC, value NULLS FIRST) <= 5
),
days AS (
  SELECT
    day,
    count(*)::DOUBLE AS visits,
    count(DISTINCT ip)::DOUBLE AS unique_addresses,
    avg(duration)::DOUBLE / 1000 AS seconds
  FROM hit
  GROUP BY day
),
lists AS (
  SELECT day, 'paths' AS kind, value, visits FROM top_paths
  UNION ALL
  SELECT day, 'browsers' AS kind, value, visits FROM top_browsers
)
SELECT
  epoch_ms(day)::DOUBLE AS day,
  days.visits,
  unique_addresses,
  seconds,
  list(value ORDER BY lists.visits DESC, value NULLS FIRST) FILTER (kind = 'paths') AS paths,
  list(lists.visits::DOUBLE ORDER BY lists.visits DESC, value NULLS FIRST) FILTER (kind = 'paths') AS path_visits,
  list(value ORDER BY lists.visits DESC, value NULLS FIRST) FILTER (kind = 'browsers') AS browsers,
  list(lists.visits::DOUBLE ORDER BY lists.visits DESC, value NULLS FIRST) FILTER (kind = 'browsers') AS browser_visits
FROM days JOIN lists USING (day)
GROUP BY ALL
ORDER BY day DESC
