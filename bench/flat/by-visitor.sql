-- How many visitors each value has, told where each of them was first seen with it.
SELECT {by}, value, sum(requests) AS requests, count(visitor) FILTER ({audience}) AS counted
FROM (
  SELECT {value} AS value, visitor, is_bot, min(time) AS time, count(*) AS requests
  FROM {source}
  GROUP BY ALL
)
GROUP BY ALL
