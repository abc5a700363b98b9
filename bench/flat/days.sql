-- The last UTC days with requests, their clients, average seconds to an answer, and their most frequent paths and browsers.
WITH hit AS NOT MATERIALIZED (
  SELECT time, time::DATE AS day, coalesce(ip, client_name) AS client, path, browser, duration
  FROM selected('', 'now')
  WHERE kind = 'request'
),
listed AS MATERIALIZED (
  SELECT *, count(*) OVER () AS days
  FROM (
    SELECT day, count(*) AS visits, sum(duration) / count(duration) / 1000 AS seconds, NULL AS addresses
    FROM hit
    GROUP BY day
  )
  ORDER BY day DESC
  LIMIT {limit}
),
shown AS NOT MATERIALIZED (
  SELECT day, client, path, browser
  FROM hit
  WHERE time >= {near}
  UNION ALL
  SELECT day, client, path, browser
  FROM hit SEMI JOIN (SELECT day FROM listed WHERE day < {near}) USING (day)
  WHERE time < {near}
),
paths AS (
{paths}),
browsers AS (
{browsers}),
addresses AS (
  SELECT day, count(DISTINCT client) AS unique_clients FROM shown GROUP BY day
  UNION ALL
  SELECT day, addresses FROM listed WHERE addresses IS NOT NULL
)
SELECT
  days::DOUBLE AS days,
  epoch_ms(day::TIMESTAMP)::DOUBLE AS day,
  visits::DOUBLE AS visits,
  unique_clients::DOUBLE AS unique_clients,
  seconds::DOUBLE AS seconds,
  list_transform(paths.most, lambda one: one.value) AS paths,
  list_transform(paths.most, lambda one: -one.less) AS path_visits,
  list_transform(browsers.most, lambda one: one.value) AS browsers,
  list_transform(browsers.most, lambda one: -one.less) AS browser_visits
FROM listed JOIN paths USING (day) JOIN browsers USING (day) JOIN addresses USING (day)
ORDER BY day DESC
