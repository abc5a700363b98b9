-- The most frequent values of a column, how many there are, and how many lines they were found in.
WITH counted AS MATERIALIZED (
  SELECT {code} AS code, count(*) AS lines, count(*) FILTER ({is_first}) AS base
  FROM logged('{field}', 'now')
  {join}
  GROUP BY ALL
)
SELECT CAST({name} AS VARCHAR) AS value, lines::DOUBLE AS lines, listed, base
FROM (
  SELECT code, lines, count(*) OVER ()::DOUBLE AS listed, sum(base) OVER ()::DOUBLE AS base
  FROM counted
  ORDER BY lines DESC, code
  LIMIT {limit}
) AS counted{names}
ORDER BY lines DESC, value
