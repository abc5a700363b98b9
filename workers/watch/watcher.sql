-- The rules that are watched, and what was seen of each.
create table if not exists rule (
  id text primary key,
  rule text not null,
  kept text,
  problem text,
  -- The second at which it may change by time alone; null if it may not, or is not evaluated yet.
  next integer
) without rowid;

-- Where alerts are sent. The address is a secret.
create table if not exists output (
  id text primary key,
  kind text not null,
  url text not null,
  -- The keys of a browser in JSON; null for another kind.
  keys text,
  made integer not null,
  answered integer,
  is_sent integer,
  answer text
) without rowid;

-- What fired and recovered, as JSON of a notice.
create table if not exists event (
  position integer primary key,
  id text not null unique,
  at integer not null,
  notice text not null
);

-- A notice on its way to an output; due is null once it is sent or given up.
create table if not exists delivery (
  event text not null,
  output text not null,
  -- The kind of the output, which may be removed.
  kind text not null,
  tries integer not null,
  due integer,
  is_sent integer not null,
  primary key (event, output)
) without rowid;

create table if not exists operation (
  day text primary key,
  since integer not null,
  counts text not null
) without rowid;

create table if not exists state (
  name text primary key,
  value
) without rowid;
