-- A batch of a log. A log is known by its content: its name, its age and its compression may change.
create table if not exists cut (
  destination text not null,
  -- Hash of all bytes before the batch; of the first batch, of the log's head.
  before text not null,
  start integer not null,
  stop integer not null,
  -- Hash of all bytes up to the end of the batch.
  after text not null,
  -- 1 once the Worker has acknowledged it. A batch that is not done is sent again as it was cut.
  done integer not null default 0,
  -- When the log was last met, or the batch was noted; ms since 1970.
  seen integer not null default 0,
  primary key (destination, before, after)
) without rowid;

create index if not exists cut_after on cut (destination, after);

-- A file or address of which everything was sent, with what changes when its content does.
create table if not exists source (
  destination text not null,
  name text not null,
  stamp text not null,
  -- When it was last met, and "after" of its last batch.
  seen integer not null default 0,
  "end" text not null default '',
  primary key (destination, name)
) without rowid;
