-- The minutes that the clock of the chosen zone is ahead of UTC, at an instant and at a time of that clock.
CREATE OR REPLACE TEMP MACRO zone_offset(instant) AS {zone_offset};

CREATE OR REPLACE TEMP MACRO zone_offset_of_local(wall) AS {zone_offset_of_local};

-- What the clock of the chosen zone shows.
CREATE OR REPLACE TEMP MACRO local_time(instant) AS instant + to_minutes(zone_offset(instant));

-- The requests of a period under the filter.
--
-- `own` is the column that the panel groups by. What is chosen of it is left out, so that a chosen value stays among the
-- others. `period` is 'now', 'previous', or a period of the chart. A macro takes no bound values, so values are
-- variables; the engine replaces getvariable() by its value, and reads only the blocks that can have it.
CREATE OR REPLACE TEMP MACRO selected(own, period) AS TABLE
SELECT *
FROM hits
WHERE is_request
  AND time >= getvariable(period || '_from')
  AND time < getvariable(period || '_to')
  AND {clauses};

-- The same with the lines of error logs, which are no requests.
CREATE OR REPLACE TEMP MACRO logged(own, period) AS TABLE
SELECT *
FROM hits
WHERE time >= getvariable(period || '_from')
  AND time < getvariable(period || '_to')
  AND {clauses};

-- Whose visitors are counted.
CREATE OR REPLACE TEMP MACRO is_audience(class) AS class = {audience};

-- The instant at which the bucket of an instant begins: calendar days begin at local midnight, and the hour that
-- comes twice in autumn is two buckets.
CREATE OR REPLACE TEMP MACRO bucket(instant) AS {bucket};
