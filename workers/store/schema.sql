-- The log: accepted hits that are not in a part yet. Positions are never used twice.
create table if not exists log (
  position integer primary key,
  rows integer not null,
  received integer not null,
  -- Hits and bytes of the rows before this one; null in a row that a version of before has written.
  rows_before integer,
  bytes_before integer,
  hits blob not null,
  -- 64 bits a hit for those with an id, and the places of hits that were here before; null where there are none.
  lines blob,
  dropped blob,
  -- The UTC days that its hits touch, in JSON, counted from 1970.
  days text
);

-- What `lines` held of rows that are trimmed: many hits a row, by the hour in which they came.
create table if not exists line_hash (
  id integer primary key,
  hour integer not null,
  hashes blob not null
);

-- What was answered to a batch with a key, so that the same batch is known when it comes again.
create table if not exists batch (
  key text primary key,
  received integer not null,
  outcome text not null,
  -- 1 where one of its refused records was accepted since.
  is_settled integer
) without rowid;
create index if not exists batch_received on batch (received);

-- pending: announced, perhaps in the bucket. live: readers see it. dead: replaced or given up.
create table if not exists part (
  id text primary key,
  state text not null check (state in ('pending', 'live', 'dead')),
  since integer not null,
  step text not null check (step in ('flush', 'compact')),
  day text not null,
  ranges text not null,
  revision integer not null,
  rows integer not null,
  bytes integer,
  sha256 text,
  min_time integer,
  max_time integer,
  -- When the object of a dead part was deleted; its name stays known for a while.
  deleted integer,
  -- When its object was given to a disk that may forget it in a power cut; null once that is over.
  unsynced integer,
  -- Of a dead part: the one in its place.
  child text
) without rowid;

create table if not exists salt (
  day text primary key,
  salt blob not null,
  used integer not null
) without rowid;

create table if not exists quarantine (
  id integer primary key,
  received integer not null,
  token text,
  reason text not null,
  message text not null,
  raw text not null,
  -- 1 where the text is only the head of the record.
  cut integer,
  -- The key of the batch that it came with.
  batch text,
  -- 1 where the URL of the batch named the site, so that its records could not.
  is_site_named integer
);

-- Records by what became of them, a row a UTC day and outcome.
create table if not exists counter (
  day text not null,
  outcome text not null,
  records integer not null,
  primary key (day, outcome)
) without rowid;

create table if not exists forwarder (
  token text primary key,
  last_seen integer not null,
  batches integer not null,
  records integer not null,
  lag integer,
  unkeyed integer,
  -- The span of five minutes in which it was last seen, what came in it, and in the one before.
  span integer,
  span_records integer,
  before_records integer
) without rowid;

-- What Cloudflare bills for, a row a UTC day; `since` is when counting began on it.
create table if not exists operation (
  day text primary key,
  since integer not null,
  counts text not null
) without rowid;

-- What is to be erased and is not yet.
create table if not exists erasure (
  id integer primary key,
  by text not null,
  value text not null,
  requested integer not null,
  before integer not null,
  -- When it was done; null before. Its row stays while a power cut may bring back what it erased.
  done integer
);

-- What flushes have counted for watched rules, until the watcher has it. Empty where no rule is watched.
create table if not exists tally (
  id text primary key,
  counted integer not null,
  counts text not null
) without rowid;

create table if not exists state (
  name text primary key,
  value
) without rowid;
