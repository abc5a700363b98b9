-- How long the routes of a day take.
CREATE OR REPLACE TEMP TABLE rolling AS
WITH counted AS MATERIALIZED (
  SELECT
    epoch_ms(epoch_ms(time) // 86_400_000 * 86_400_000) AS time,
    is_bot,
    method,
    path,
    latency_bin(duration) AS bin,
    count(*) AS requests
  FROM {hits} AND NOT is_asset AND duration IS NOT NULL AND path IS NOT NULL
  GROUP BY ALL
)
SELECT time, is_bot, method, route, bin, sum(requests) AS requests
FROM counted
JOIN (SELECT path, route_of(path) AS route FROM (SELECT DISTINCT path FROM counted)) USING (path)
GROUP BY ALL;

INSERT INTO rolled_routes_names
SELECT (SELECT coalesce(max(id), 0) FROM rolled_routes_names) + row_number() OVER (), method, route
FROM (SELECT DISTINCT method, route FROM rolling) AS new
WHERE NOT EXISTS (
  FROM rolled_routes_names AS old WHERE old.route = new.route AND old.method IS NOT DISTINCT FROM new.method
);

INSERT INTO rolled_routes
SELECT time, is_bot, id, bin, requests
FROM rolling
JOIN rolled_routes_names AS named
  ON named.route = rolling.route AND named.method IS NOT DISTINCT FROM rolling.method
ORDER BY time, is_bot, id, bin;
