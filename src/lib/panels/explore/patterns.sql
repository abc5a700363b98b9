-- The texts of a column, what varies in them masked, by requests. What is chosen of the column itself is left out.
WITH counted AS (
  SELECT {code} AS code, count(*) AS requests
  FROM selected('{field}*', 'now')
  {join}
  GROUP BY ALL
),
masked AS (
  SELECT regexp_replace(names.value, '{mask}', '*', 'g') AS pattern, names.value AS text, requests
  FROM counted
  JOIN {names} AS names ON names.key = counted.code
  WHERE names.value IS NOT NULL
),
grouped AS (
  SELECT
    pattern,
    sum(requests)::DOUBLE AS requests,
    count(*)::DOUBLE AS texts,
    arg_max(text, (requests, text)) AS example,
    sum(sum(requests)) OVER ()::DOUBLE AS base
  FROM masked
  GROUP BY pattern
)
SELECT *, count(*) OVER ()::DOUBLE AS listed
FROM grouped
WHERE contains(lower(pattern), lower(getvariable('pattern_search')))
ORDER BY requests DESC, pattern
LIMIT {limit}
