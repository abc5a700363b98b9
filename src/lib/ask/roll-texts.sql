-- Adds to the roll-ups of a measure whose values are texts of its own: they become words.
CREATE OR REPLACE TEMP TABLE rolling AS
{counted};

INSERT INTO words
SELECT (SELECT coalesce(max(id), 0) FROM words WHERE field = {texts}) + row_number() OVER (), {texts}, value
FROM (SELECT DISTINCT value FROM rolling WHERE value IS NOT NULL)
ANTI JOIN (SELECT word AS value FROM words WHERE field = {texts}) AS known USING (value);

INSERT INTO rolled_{measure}
SELECT {columns}
FROM rolling
LEFT JOIN words ON field = {texts} AND word = value
ORDER BY slot;
