-- Roll-ups: of UTC days that are over, what is asked of them most. Visitors are told anew every UTC day, so those of two
-- days add up. What adds up lies by quarters of an hour: no zone's clock is ahead by less.
CREATE TABLE rolled_times (
  time TIMESTAMP NOT NULL,
  is_bot BOOLEAN,
  requests INTEGER NOT NULL,
  page_views INTEGER NOT NULL,
  bytes BIGINT NOT NULL,
  refused INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  visits INTEGER NOT NULL
);

-- Who was there in a quarter of an hour.
CREATE TABLE rolled_visitors (time TIMESTAMP NOT NULL, is_bot BOOLEAN, visitor INTEGER NOT NULL);

-- What of a whole day does not add up; of bots, of people, and with `is_bot` null of both.
CREATE TABLE rolled_days (
  time TIMESTAMP NOT NULL,
  is_bot BOOLEAN,
  requests INTEGER NOT NULL,
  visitors INTEGER NOT NULL,
  addresses INTEGER NOT NULL,
  timed INTEGER NOT NULL,
  duration DOUBLE
);

-- How many hits of a quarter of an hour are in a bin of latency.
CREATE TABLE rolled_latency (time TIMESTAMP NOT NULL, is_bot BOOLEAN, bin SMALLINT NOT NULL, requests INTEGER NOT NULL);

-- The same of the routes of a day, assets left out; and who got answers other than 200.
CREATE TABLE rolled_routes (
  time TIMESTAMP NOT NULL,
  is_bot BOOLEAN,
  method INTEGER NOT NULL,
  route INTEGER NOT NULL,
  bin SMALLINT NOT NULL,
  requests INTEGER NOT NULL
);

CREATE TABLE rolled_offenders (
  time TIMESTAMP NOT NULL,
  is_bot BOOLEAN,
  status SMALLINT NOT NULL,
  address INTEGER NOT NULL,
  requests INTEGER NOT NULL
);
