-- What a tab counts of each value, by the quarter of the day in which a visitor was first seen that day, or a hit is.
CREATE TABLE rolled_{tab} (
  time TIMESTAMP NOT NULL,
  is_bot BOOLEAN,
  id INTEGER,
  requests INTEGER NOT NULL,
  counted INTEGER NOT NULL
);
