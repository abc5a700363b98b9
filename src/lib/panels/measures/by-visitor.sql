-- How many visitors each value has, counted where each of them was first seen with it.
SELECT {at(first)} AS slot, class, value, sum(requests) AS requests, count(*) AS counted
FROM (
  SELECT {value} AS value, visitor, class, min(time) AS first, count(*) AS requests
  FROM {source}
  WHERE {condition}
  GROUP BY ALL
)
GROUP BY ALL
