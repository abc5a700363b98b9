create table if not exists site (
  name text primary key,
  created integer not null
) without rowid;

-- What differs from the defaults, as JSON.
create table if not exists setting (
  site text primary key,
  value text not null
) without rowid;

-- Changes of alert rules, as JSON of an edit: the last 100 of each site.
create table if not exists alert_edit (
  position integer primary key,
  site text not null,
  edit text not null
);

-- Lists of hosts that a later one replaced, numbered from 1, and when that was.
create table if not exists host_list (
  version integer primary key,
  until integer not null,
  hosts text not null
);

-- A token is a secret of its forwarder: only its hash is kept. site '*' is all sites.
create table if not exists token (
  id text primary key,
  hash text not null unique,
  site text not null,
  created integer not null,
  last_used integer,
  revoked integer
) without rowid;

-- Annotations of a site; a key that a program sends makes one, however often it comes. No token: by hand.
create table if not exists annotation (
  site text not null,
  id text not null,
  at integer not null,
  until integer,
  text text not null,
  made integer not null,
  token text,
  key text,
  primary key (site, id)
) without rowid;
create unique index if not exists annotation_key on annotation (site, key) where key is not null;

-- Sessions of signed-in readers, and the one-time links that start one.
create table if not exists session (
  hash text primary key,
  kind text not null check (kind in ('session', 'link')),
  created integer not null,
  expires integer not null
) without rowid;

-- The one password, as its derivation says itself.
create table if not exists password (
  id integer primary key check (id = 1),
  value text not null,
  created integer not null
);

-- One-time secrets of the owner that were used, by hash, until they are too old anyway.
create table if not exists spent (
  hash text primary key,
  expires integer not null
) without rowid;

-- The private key by which push services know this installation, a JWK.
create table if not exists push_key (
  id integer primary key check (id = 1),
  value text not null
);

-- Failed sign-ins, by network: at most 10,000 of the last 24 hours.
create table if not exists attempt (
  key text primary key,
  failures integer not null,
  last integer not null
) without rowid;
