-- The working copy: hits as a star (star.ts), and the stretches of the log that it holds.
CREATE TABLE IF NOT EXISTS hits ({hits});

CREATE TABLE IF NOT EXISTS clients (client INTEGER NOT NULL, {client});

CREATE TABLE IF NOT EXISTS sources (source INTEGER NOT NULL, {source});

-- The numbers of domains that are the site itself where its log does not say so (learn-domains.sql, set-domains.sql),
-- and of the kind of referrer that each is otherwise.
CREATE TABLE IF NOT EXISTS own_domains (domain INTEGER NOT NULL, kind INTEGER NOT NULL);

-- The number of each visitor. A visitor has another hash every UTC day.
CREATE TABLE IF NOT EXISTS visitors (visitor INTEGER NOT NULL, hash UBIGINT);

-- Each text of a field, once. The number 0 means that the value is missing.
CREATE TABLE IF NOT EXISTS words (id INTEGER NOT NULL, field UTINYINT NOT NULL, word VARCHAR);

-- The family of probes that a path, a query, an agent or a referrer is of, if it is of one.
CREATE TABLE IF NOT EXISTS probed (field UTINYINT NOT NULL, id INTEGER NOT NULL, family VARCHAR NOT NULL);

-- What speaks for and against a visitor, and the verdict on it.
CREATE TABLE IF NOT EXISTS evidence (visitor INTEGER NOT NULL, rule VARCHAR NOT NULL, weight INTEGER NOT NULL, hits INTEGER NOT NULL);

-- What visitors were judged by, as JSON: what the owner has said, what all visitors tell of the site, and why rules of
-- the owner were left out.
CREATE TABLE IF NOT EXISTS judged_by (rulings VARCHAR NOT NULL, surroundings VARCHAR NOT NULL, left_out VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS verdicts (visitor INTEGER NOT NULL, class UTINYINT NOT NULL, kind VARCHAR NOT NULL);

-- The route of each path.
CREATE TABLE IF NOT EXISTS routes (path INTEGER NOT NULL, route INTEGER NOT NULL);

CREATE OR REPLACE VIEW flat AS
{flat};

CREATE TABLE IF NOT EXISTS held (
  day VARCHAR NOT NULL,
  range_from BIGINT NOT NULL,
  range_to BIGINT NOT NULL,
  revision INTEGER NOT NULL,
  part VARCHAR NOT NULL
);
