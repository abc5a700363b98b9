-- What the page shows most of, for the palette: the first values of one column.
(
  SELECT '{column}' AS field, CAST({name} AS VARCHAR) AS value, requests
  FROM (
    SELECT {code} AS code, count(*)::DOUBLE AS requests
    FROM selected('', 'now')
    {join}
    GROUP BY ALL
  ){names}
  WHERE {name} IS NOT NULL
  ORDER BY requests DESC, value
  LIMIT 100
)
