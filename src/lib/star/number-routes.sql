-- Adds the routes of new paths.
CREATE OR REPLACE TEMP TABLE new_routes AS
SELECT id AS path, route_of(word) AS word FROM numbered WHERE is_new AND field = {path};

INSERT INTO words
SELECT (SELECT max(id) FROM words WHERE field = {route}) + row_number() OVER (ORDER BY path), {route}, word
FROM (SELECT word, min(path) AS path FROM new_routes GROUP BY word)
ANTI JOIN (SELECT word FROM words WHERE field = {route}) AS known USING (word)
ORDER BY path;

INSERT INTO routes
SELECT path, id FROM new_routes JOIN words ON words.field = {route} AND words.word = new_routes.word ORDER BY path;
