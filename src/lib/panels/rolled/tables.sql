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
CREATE TABLE rolled_visitors (time TIMESTAMP NOT NULL, is_bot BOOLEAN, visitor UBIGINT NOT NULL);

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
