-- What a tab counts of each value, by the quarter of the day in which a visitor was first seen that day, or a hit is.
-- Values are numbered: their texts take the engine six times as long to group.
CREATE TABLE rolled_{tab} (
  time TIMESTAMP NOT NULL,
  is_bot BOOLEAN,
  id UINTEGER,
  requests INTEGER NOT NULL,
  counted INTEGER NOT NULL
);

CREATE TABLE rolled_{tab}_names (id UINTEGER NOT NULL, value VARCHAR NOT NULL);
