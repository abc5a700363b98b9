-- The macros that the questions read.
CREATE OR REPLACE TEMP MACRO is_page_view(method, is_asset, path, status) AS
  NOT is_asset
  AND (status BETWEEN 200 AND 299 OR status = 304)
  AND coalesce(method, 'GET') = 'GET'
  AND NOT starts_with(path, '/api/');

CREATE OR REPLACE TEMP MACRO latency_bin(duration) AS
  CASE
    WHEN duration < 50 AND duration = floor(duration) THEN duration::SMALLINT
    ELSE (1000 + round(51 * ln(duration)))::SMALLINT
  END;

CREATE OR REPLACE TEMP MACRO latency_of(bin) AS CASE WHEN bin < 50 THEN bin::DOUBLE ELSE exp((bin - 1000) / 51.0) END;

CREATE OR REPLACE TEMP MACRO quantile_of(q, ms, within, hits) AS
  min(ms) FILTER (within > floor(q * (hits - 1)))
  + (min(ms) FILTER (within > ceil(q * (hits - 1))) - min(ms) FILTER (within > floor(q * (hits - 1))))
  * max(q * (hits - 1) - floor(q * (hits - 1)));

CREATE OR REPLACE TEMP MACRO masked_once(path) AS
  regexp_replace(path, '/(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|[0-9]+)(/|$)', '/:id\1', 'gi');

CREATE OR REPLACE TEMP MACRO route_of(path) AS masked_once(masked_once(path));

CREATE OR REPLACE TEMP MACRO groups(ip) AS len(list_filter(string_split(ip, ':'), lambda word: word <> ''));

CREATE OR REPLACE TEMP MACRO wide_groups(ip, mark, width) AS
array_to_string(
  list_transform(
    list_filter(string_split(ip, mark), lambda word: word <> ''),
    lambda word: lpad(word, width, '0')
  ),
  ''
);

CREATE OR REPLACE TEMP MACRO wide_address(ip) AS CASE
  WHEN contains(ip, ':') THEN '6' || wide_groups(replace(ip, '::', ':' || repeat('0:', 8 - groups(ip))), ':', 4)
  ELSE '4' || wide_groups(ip, '.', 3)
END;

CREATE OR REPLACE TEMP MACRO zone_offset(instant) AS {zone_offset};

CREATE OR REPLACE TEMP MACRO zone_offset_of_local(wall) AS {zone_offset_of_local};

CREATE OR REPLACE TEMP MACRO local_time(instant) AS instant + to_minutes(zone_offset(instant));

CREATE OR REPLACE TEMP MACRO selected(own, period) AS TABLE
SELECT *
FROM hits
WHERE time >= getvariable(period || '_from')
  AND time < getvariable(period || '_to')
  AND {clauses};

CREATE OR REPLACE TEMP MACRO bucket(instant) AS {bucket};
