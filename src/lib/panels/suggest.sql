-- The values of one column that hold what is typed, most first.
SELECT CAST({name} AS VARCHAR) AS value, requests
FROM (
  SELECT {code} AS code, count(*)::DOUBLE AS requests
  FROM selected('', 'now')
  {join}
  GROUP BY ALL
){names}
WHERE coalesce(getvariable('typed'), '') = ''
  OR contains(lower(CAST({name} AS VARCHAR)), lower(getvariable('typed')))
ORDER BY requests DESC, value
LIMIT 60
