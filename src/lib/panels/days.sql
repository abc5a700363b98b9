-- The last UTC days with requests: how many there are, and average seconds to an answer. Earlier days are only counted.
SELECT
  epoch_ms(slot)::DOUBLE AS day,
  sum(requests)::DOUBLE AS visits,
  sum(duration) / sum(timed) / 1000 AS seconds,
  count(*) OVER ()::DOUBLE AS days
FROM {days}
GROUP BY slot
ORDER BY slot DESC
LIMIT {limit}
