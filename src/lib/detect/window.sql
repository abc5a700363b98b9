-- The sources that one detection finds.
SELECT
  '{name}' AS detection,
  source,
  min(time) AS first,
  max(time) AS last,
  count(*) AS hits,
  count(*) FILTER (status BETWEEN 200 AND 299) AS answered,
  list_slice(list(DISTINCT {path: path, query: query}), 1, 3) AS tried
FROM (
  SELECT
    *,
    count({counted}) OVER (
      PARTITION BY source ORDER BY time
      RANGE BETWEEN INTERVAL '{seconds} seconds' PRECEDING AND CURRENT ROW
    ) AS within
  FROM hit
  WHERE {test} AND source IN (SELECT source FROM hit WHERE {test} GROUP BY source HAVING count(*) > {above})
)
GROUP BY source
HAVING max(within) > {above}
