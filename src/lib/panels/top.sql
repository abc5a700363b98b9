-- Every metric of every value of one column that holds the text searched for; the first row is the total.
WITH hit AS (
  SELECT {code} AS code, {is_first} AS is_first, visitor, class, is_page_view, status, bytes, duration
  FROM selected('{column}', 'now')
  {join}
  WHERE {condition}
),
counted AS (
  SELECT
    code,
    grouping(code) = 1 AS is_total,
    (count(*) OVER () - 1)::DOUBLE AS listed,
    count(DISTINCT visitor) FILTER ({audience})::DOUBLE AS visitors,
    count(*) FILTER (is_page_view)::DOUBLE AS page_views,
    count(*)::DOUBLE AS requests,
    coalesce(sum(bytes), 0)::DOUBLE AS bytes,
    quantile_cont(duration, 0.95)::DOUBLE AS p95,
    count(*) FILTER (status >= 500)::DOUBLE AS errors
  FROM hit
  GROUP BY GROUPING SETS ((code), {total})
  HAVING {has_row}
)
SELECT CAST({name} AS VARCHAR) AS value, counted.* EXCLUDE (code)
FROM counted{names}
ORDER BY is_total DESC, {sort} NULLS LAST, requests DESC, 1
LIMIT {limit}
