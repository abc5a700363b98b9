-- The most frequent values of a column, how many there are, and how many requests they were found in.
WITH counted AS MATERIALIZED (
  SELECT {code} AS code, count(*) AS requests, count(*) FILTER ({is_first}) AS base
  FROM selected('{field}', 'now')
  {join}
  GROUP BY ALL
)
SELECT CAST({name} AS VARCHAR) AS value, requests::DOUBLE AS requests, listed, base
FROM (
  SELECT code, requests, count(*) OVER ()::DOUBLE AS listed, sum(base) OVER ()::DOUBLE AS base
  FROM counted
  ORDER BY requests DESC, code
  LIMIT {limit}
) AS counted{names}
ORDER BY requests DESC, value
