-- Of days.sql: the five values of a column with the most requests of each day.
  SELECT day, min({less: -visits, known: value IS NOT NULL, value: value}, 5) AS most
  FROM (
    SELECT day, code, sum(visits)::INTEGER AS visits
    FROM (
      SELECT day, {column} AS code, {visits} AS visits FROM {shown} GROUP BY ALL
      UNION ALL
      SELECT time::DATE AS day, id, sum(requests)
      FROM rolled_{tab}
      WHERE is_rolled('', 'now', time) AND is_looked_at(is_bot) AND time >= (SELECT min(day) FROM listed)
      GROUP BY ALL
    )
    GROUP BY ALL
  )
  JOIN {names} AS names ON names.key = code
  GROUP BY day
