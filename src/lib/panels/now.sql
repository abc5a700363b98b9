SELECT count(DISTINCT visitor)::DOUBLE AS people
FROM hits
WHERE is_request AND {people}
  AND time >= epoch_ms({ms}) - INTERVAL 5 MINUTE
