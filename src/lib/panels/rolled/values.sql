-- What a tab counts, by quarters of a day.
CREATE OR REPLACE TEMP TABLE rolling AS
SELECT time, is_bot, value::VARCHAR AS value, requests, counted
FROM (
{counted});

INSERT INTO rolled_{tab}_names
SELECT (SELECT coalesce(max(id), 0) FROM rolled_{tab}_names) + row_number() OVER (), value
FROM (SELECT DISTINCT value FROM rolling WHERE value IS NOT NULL)
ANTI JOIN rolled_{tab}_names USING (value);

INSERT INTO rolled_{tab}
SELECT time, is_bot, id, requests, counted
FROM rolling
LEFT JOIN rolled_{tab}_names USING (value)
ORDER BY time;
