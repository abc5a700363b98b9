-- The lines of the selection behind a cursor, oldest first.
WITH page AS MATERIALIZED (
  SELECT *
  FROM logged('', 'now')
  WHERE time >= epoch_ms({time})
    AND time < epoch_ms({until})
    AND (time > epoch_ms({time}) OR seq > {seq})
  ORDER BY time, seq
  LIMIT {limit}
)
SELECT *
FROM ({flat}) AS flat
ORDER BY time, seq
