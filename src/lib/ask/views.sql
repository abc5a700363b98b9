-- An address as text of one width, which sorts as addresses do: IPv4 before IPv6.
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

-- The minutes that the clock of the chosen zone is ahead of UTC, at an instant and at a time of that clock.
CREATE OR REPLACE TEMP MACRO zone_offset(instant) AS {zone_offset};

CREATE OR REPLACE TEMP MACRO zone_offset_of_local(wall) AS {zone_offset_of_local};

-- What the clock of the chosen zone shows.
CREATE OR REPLACE TEMP MACRO local_time(instant) AS instant + to_minutes(zone_offset(instant));

-- What a panel reads: the hits of a period under the filter, on this connection alone.
--
-- `own` is the column that the panel groups by: the including clauses on it are left out, so that what is chosen
-- stays among its siblings. `period` is 'now' or 'previous', or the chart's own. A macro takes no bound values, so they come as
-- variables; the binder replaces getvariable() by its value, which the zone maps see like a literal.
CREATE OR REPLACE TEMP MACRO selected(own, period) AS TABLE
SELECT *
FROM hits
WHERE is_request
  AND time >= getvariable(period || '_from')
  AND time < getvariable(period || '_to')
  AND {clauses};

-- Whether a class is among those looked at; where a roll-up has an own row for both, which of its rows is meant.
CREATE OR REPLACE TEMP MACRO is_looked_at(is_bot) AS {looked_at} IS NULL OR is_bot = {looked_at};

CREATE OR REPLACE TEMP MACRO is_all_looked_at(is_bot) AS is_bot IS NOT DISTINCT FROM {looked_at};

-- Whether the roll-ups tell of an instant what a panel asks: of whole days, where no clause but those it leaves out is
-- in the filter. What they tell is left out of the hits, and the two are put together.
CREATE OR REPLACE TEMP MACRO is_rolled(own, period, instant) AS
  instant >= getvariable(period || '_rolled_from')
  AND instant < getvariable(period || '_rolled_to')
  AND {unfiltered};

-- The opposite; said with NOT it would keep the zone maps from sparing the hits in between.
CREATE OR REPLACE TEMP MACRO is_left(own, period, instant) AS
  instant < getvariable(period || '_rolled_from')
  OR instant >= getvariable(period || '_rolled_to')
  OR NOT ({unfiltered});

-- The instant at which the bucket of an instant begins: calendar days begin at local midnight, and the hour that
-- comes twice in autumn is two buckets.
CREATE OR REPLACE TEMP MACRO bucket(instant) AS {bucket};
