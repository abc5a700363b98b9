-- The working copy: hits, what of the log they are, and what made the file. The columns come from the schema.
CREATE TABLE IF NOT EXISTS hits ($columns);

CREATE TABLE IF NOT EXISTS held (
  day VARCHAR NOT NULL,
  range_from BIGINT NOT NULL,
  range_to BIGINT NOT NULL,
  revision INTEGER NOT NULL,
  part VARCHAR NOT NULL
);

-- The UTC days that have roll-ups, and what those were made by. The tables of roll-ups come from the panels; of any other
-- day they hold nothing.
CREATE TABLE IF NOT EXISTS rolled (day VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS rolled_by (name VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS made_by (version VARCHAR NOT NULL);
