-- The last days of the zone with requests: how many there are, and how long an answer took on average. Earlier days are
-- only counted.
SELECT
  epoch_ms(slot)::DOUBLE AS day,
  sum(requests)::DOUBLE AS requests,
  sum(duration) / sum(timed) AS duration,
  count(*) OVER ()::DOUBLE AS days
FROM {requests}
GROUP BY slot
ORDER BY slot DESC
LIMIT {limit}
