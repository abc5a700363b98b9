-- How many visitors had a visit with each value, counted where the first such visit of each began. `visitors` counts each
-- visitor once, whatever values the visits of it had.
SELECT
  {at(first)} AS slot,
  value,
  sum(requests) AS requests,
  count(*) AS counted,
  count(*) FILTER (is_new) AS visitors
FROM (
  SELECT
    {value} AS value,
    min(time) AS first,
    sum(requests) AS requests,
    row_number() OVER (PARTITION BY visitor ORDER BY min(time)) = 1 AS is_new
  FROM {source}
  WHERE {condition}
  GROUP BY visitor, value
)
GROUP BY ALL
