-- The texts of a column, what varies in them masked, by lines. What is chosen of the column itself is left out.
WITH counted AS (
  SELECT {code} AS code, count(*) AS lines
  FROM logged('{field}*', 'now')
  {join}
  GROUP BY ALL
),
masked AS (
  SELECT regexp_replace({text}, '{mask}', '*', 'g') AS pattern, {text} AS text, lines
  FROM counted
  {names}
  WHERE {text} IS NOT NULL
),
grouped AS (
  SELECT
    pattern,
    sum(lines)::DOUBLE AS lines,
    count(*)::DOUBLE AS texts,
    arg_max(text, (lines, text)) AS example,
    sum(sum(lines)) OVER ()::DOUBLE AS base
  FROM masked
  GROUP BY pattern
)
SELECT *, count(*) OVER ()::DOUBLE AS listed
FROM grouped
WHERE contains(lower(pattern), lower(getvariable('pattern_search')))
ORDER BY lines DESC, pattern
LIMIT {limit}
