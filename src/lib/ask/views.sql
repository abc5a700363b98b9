-- The minutes that the clock of the chosen zone is ahead of UTC, at an instant and at a time of that clock.
CREATE OR REPLACE TEMP MACRO zone_offset(instant) AS {zone_offset};

CREATE OR REPLACE TEMP MACRO zone_offset_of_local(wall) AS {zone_offset_of_local};

-- What the clock of the chosen zone shows.
CREATE OR REPLACE TEMP MACRO local_time(instant) AS instant + to_minutes(zone_offset(instant));

-- Whose visitors are counted.
CREATE OR REPLACE TEMP MACRO is_audience(class) AS class = {audience};

-- The instant at which the bucket of an instant begins: calendar days begin at local midnight, and the hour that
-- comes twice in autumn is two buckets.
CREATE OR REPLACE TEMP MACRO bucket(instant) AS {bucket};
