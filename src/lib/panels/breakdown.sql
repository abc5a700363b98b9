-- The values of one column of a source with what is counted of each, most first; of the first twelve also when. Only
-- listed values get their texts.
WITH told AS MATERIALIZED (
  SELECT value, slot, requests, {requests} AS all_requests, {counts(counted)} AS counted, {whole} AS whole
  FROM {measure}
),
counted AS (
  SELECT
    value,
    sum(requests)::DOUBLE AS requests,
    sum(counted)::DOUBLE AS counted,
    count(*) OVER ()::DOUBLE AS listed,
    sum(sum(all_requests)) OVER ()::DOUBLE AS all_requests,
    sum(sum(whole)) OVER ()::DOUBLE AS all_counted
  FROM told
  GROUP BY value
  QUALIFY rank() OVER (ORDER BY sum(counted) DESC, sum(requests) DESC) <= {limit}
),
ranked AS MATERIALIZED (
  SELECT counted.*, CAST({name} AS VARCHAR) AS name
  FROM counted{names}
  ORDER BY counted DESC, requests DESC, name
  LIMIT {limit}
),
first AS MATERIALIZED (SELECT value FROM ranked ORDER BY counted DESC, requests DESC, name LIMIT {trends}),
trends AS (
  SELECT value, list(slot ORDER BY slot) AS slots, list(counted ORDER BY slot) AS counts
  FROM (
    SELECT value, slot::INTEGER AS slot, sum(counted)::DOUBLE AS counted
    FROM told SEMI JOIN first USING (value)
    GROUP BY ALL
  )
  GROUP BY value
)
SELECT name AS value, {aside} AS aside, requests, counted, listed, all_requests, all_counted, slots, counts
FROM ranked
LEFT JOIN trends USING (value){asides}
ORDER BY counted DESC, requests DESC, name
