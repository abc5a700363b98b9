-- The last UTC days with requests: how many there are, different clients (addresses, or host names where the server logs
-- those), average seconds to an answer, and the most frequent paths and browsers. Earlier days are only counted. Days with
-- roll-ups are answered from those. A CTE that the engine materialized would take eighty bytes of each hit. The last days
-- with requests are mostly the last days of the period: earlier hits are read only for the days that are listed.
WITH hit AS NOT MATERIALIZED (
  SELECT time, time::DATE AS day, client, path, duration
  FROM selected('', 'now')
  WHERE is_left('', 'now', time)
),
listed AS MATERIALIZED (
  SELECT *, count(*) OVER () AS days
  FROM (
    SELECT day, count(*) AS visits, sum(duration) / count(duration) / 1000 AS seconds, NULL AS addresses
    FROM hit
    GROUP BY day
    UNION ALL
    SELECT time::DATE, requests, duration / timed / 1000, addresses
    FROM rolled_days
    WHERE is_rolled('', 'now', time) AND is_all_looked_at(is_bot)
  )
  ORDER BY day DESC
  LIMIT {limit}
),
shown AS NOT MATERIALIZED (
  SELECT day, client, path
  FROM hit
  WHERE time >= {near}
  UNION ALL
  SELECT day, client, path
  FROM hit SEMI JOIN (SELECT day FROM listed WHERE day < {near}) USING (day)
  WHERE time < {near}
),
asking AS MATERIALIZED (
  SELECT day, nullif(address_of(ip, client_name), 0) AS address, browser, visits
  FROM (SELECT day, client, count(*) AS visits FROM shown GROUP BY ALL)
  JOIN clients USING (client)
),
paths AS (
{paths}),
browsers AS (
{browsers}),
addresses AS (
  SELECT day, count(DISTINCT address) AS unique_clients FROM asking GROUP BY day
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
