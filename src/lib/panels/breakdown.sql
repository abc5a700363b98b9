-- The values of one column of a source with what is counted of each and when, most first; the first row is the total.
SELECT * FROM (
  WITH one AS (SELECT *, {value} AS said FROM source WHERE {condition}),
  ranked AS (
    SELECT
      said AS value,
      {aside} AS aside,
      grouping(said) = 1 AS is_total,
      (count(*) OVER () - 1)::DOUBLE AS listed,
      sum(requests)::DOUBLE AS requests,
      {counted}::DOUBLE AS counted
    FROM one
    GROUP BY GROUPING SETS ((said), ())
    ORDER BY is_total DESC, counted DESC, requests DESC, value
    LIMIT {limit}
  ),
  slots AS (
    SELECT said, {slot} AS slot, {counted}::DOUBLE AS counted
    FROM one
    WHERE said IN (SELECT value FROM ranked WHERE NOT is_total LIMIT 12)
    GROUP BY ALL
  ),
  trends AS (
    SELECT said, list(slot ORDER BY slot) AS slots, list(counted ORDER BY slot) AS counts
    FROM slots
    GROUP BY said
  )
  SELECT '{tab}' AS tab, value::VARCHAR AS value, aside, is_total, listed, requests, ranked.counted, slots, counts
  FROM ranked LEFT JOIN trends ON value = said AND NOT is_total
  ORDER BY is_total DESC, ranked.counted DESC, requests DESC, value
)
