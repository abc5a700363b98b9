-- What a tab counts, by quarters of a day.
INSERT INTO rolled_{tab}
SELECT time, is_bot, value, requests, counted
FROM (
{counted})
ORDER BY time;
