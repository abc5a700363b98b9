-- Of days.sql: the five values of a column with the most requests of each day.
  SELECT day, min({less: -visits, known: {column} IS NOT NULL, value: {column}}, 5) AS most
  FROM (
    SELECT day, {column}, count(*)::INTEGER AS visits FROM shown GROUP BY day, {column}
  )
  GROUP BY day
