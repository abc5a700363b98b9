-- How many requests of the period are there, and how many of them the filter leaves.
SELECT
  count(*)::DOUBLE AS requests,
  (SELECT count(*) FROM selected('', 'now') WHERE kind = 'request')::DOUBLE AS shown
FROM hits
WHERE kind = 'request'
  AND time >= getvariable('now_from')
  AND time < getvariable('now_to')
  AND {traffic}
