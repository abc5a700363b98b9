-- The values of one column that hold what is typed, most first.
SELECT
  CAST({column} AS VARCHAR) AS value,
  count(*)::DOUBLE AS requests
FROM selected('', 'now')
WHERE kind = 'request'
  AND (
    coalesce(getvariable('typed'), '') = ''
    OR contains(lower(CAST({column} AS VARCHAR)), lower(getvariable('typed')))
  )
GROUP BY {column}
ORDER BY requests DESC, value
LIMIT 60
