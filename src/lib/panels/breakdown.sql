-- The values of one column of a source with what is counted of each, most first; of the first twelve also when.
WITH {with}ranked AS (
  SELECT
    {value} AS value,
    {aside} AS aside,
    {requests}::DOUBLE AS requests,
    {counted}::DOUBLE AS counted,
    count(*) OVER ()::DOUBLE AS listed,
    sum({requests}) OVER ()::DOUBLE AS all_requests,
    sum({counted}) OVER ()::DOUBLE AS all_counted
  FROM {source}
  WHERE {condition}
  GROUP BY value
  ORDER BY counted DESC, requests DESC, value
  LIMIT {limit}
),
slots AS (
  SELECT {value} AS value, {slot} AS slot, {counted}::DOUBLE AS counted
  FROM {source}
  WHERE {condition} AND {value} IN (SELECT value FROM ranked LIMIT {trends})
  GROUP BY ALL
)
SELECT
  value::VARCHAR AS value, aside, requests, ranked.counted, listed, all_requests, all_counted, slots, counts
FROM ranked
LEFT JOIN (
  SELECT value, list(slot::INTEGER ORDER BY slot) AS slots, list(counted ORDER BY slot) AS counts
  FROM slots
  GROUP BY value
) AS trends USING (value)
ORDER BY ranked.counted DESC, requests DESC, value
