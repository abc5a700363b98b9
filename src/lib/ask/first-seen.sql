-- The seconds at which values were seen that nobody had seen before.
SELECT second, count(*)::DOUBLE AS hits, 0::DOUBLE AS key
FROM (
  SELECT floor(epoch(min(time))) AS second
  FROM selected('', 'now')
  {join}
  WHERE {code} IS NOT NULL
  GROUP BY {code}
)
GROUP BY second
ORDER BY second
