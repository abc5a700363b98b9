-- Requests by weekday (1 is Monday) and hour of the chosen zone's clock.
SELECT
  isodow(local_time(time)) AS weekday,
  hour(local_time(time)) AS hour,
  count(*)::DOUBLE AS requests
FROM selected('rhythm', 'now')
WHERE kind = 'request'
GROUP BY ALL
ORDER BY ALL
