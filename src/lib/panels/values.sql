-- What the page shows most of, for the palette: the first values of one column.
(
  SELECT '{column}' AS field, CAST({column} AS VARCHAR) AS value, count(*)::DOUBLE AS requests
  FROM selected('', 'now')
  WHERE kind = 'request' AND {column} IS NOT NULL
  GROUP BY {column}
  ORDER BY requests DESC, value
  LIMIT 100
)
