-- How many requests of the period are there, and how many of them the filter leaves.
SELECT
  count(*)::DOUBLE AS requests,
  (SELECT count(*) FROM selected('', 'now'))::DOUBLE AS shown
FROM hits
WHERE is_request
  AND time >= getvariable('now_from')
  AND time < getvariable('now_to')
  AND {traffic}
