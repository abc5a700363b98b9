-- The most frequent values of a column, and when the first twelve of them were counted.
WITH of_hits AS MATERIALIZED (
  SELECT value::VARCHAR AS value, slot, requests, counted
  FROM (
{counted})
),
ranked AS MATERIALIZED (
  SELECT
    value,
    sum(requests)::DOUBLE AS requests,
    sum(counted)::DOUBLE AS counted,
    count(*) OVER ()::DOUBLE AS listed,
    sum(sum(requests)) OVER ()::DOUBLE AS all_requests,
    sum(sum(counted)) OVER ()::DOUBLE AS all_counted
  FROM (
    SELECT value, requests, counted FROM of_hits
  )
  GROUP BY value
  ORDER BY counted DESC, requests DESC, value
  LIMIT {limit}
),
first AS MATERIALIZED (SELECT value FROM ranked ORDER BY counted DESC, requests DESC, value LIMIT {trends}),
trends AS (
  SELECT value, list(slot ORDER BY slot) AS slots, list(counted ORDER BY slot) AS counts
  FROM (
    SELECT value, slot::INTEGER AS slot, sum(counted)::DOUBLE AS counted
    FROM (
      SELECT value, slot, counted FROM of_hits SEMI JOIN first USING (value)
    )
    GROUP BY ALL
  )
  GROUP BY value
)
SELECT value, {aside} AS aside, requests, counted, listed, all_requests, all_counted, slots, counts
FROM ranked
LEFT JOIN trends USING (value){asides}
ORDER BY counted DESC, requests DESC, value
