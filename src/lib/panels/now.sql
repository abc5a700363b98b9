SELECT count(DISTINCT visitor)::DOUBLE AS people
FROM hits
WHERE is_request AND NOT is_bot
  AND time >= epoch_ms({ms}) - INTERVAL 5 MINUTE
