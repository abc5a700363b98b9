-- Requests by weekday (1 is Monday) and hour of the chosen zone's clock.
SELECT
  isodow(local_time(slot)) AS weekday,
  hour(local_time(slot)) AS hour,
  sum(requests)::DOUBLE AS requests
FROM {requests}
GROUP BY ALL
ORDER BY ALL
