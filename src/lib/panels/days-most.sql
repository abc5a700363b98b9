-- Of days.sql: the five values of a column with the most requests of each day.
  SELECT day, min({less: -visits, known: {column} IS NOT NULL, value: {column}}, 5) AS most
  FROM (
    SELECT day, {column}, count(*)::INTEGER AS visits FROM shown GROUP BY day, {column}
    UNION ALL
    SELECT day, value, visits
    FROM (
      SELECT time::DATE AS day, id, sum(requests)::INTEGER AS visits
      FROM rolled_{tab}
      WHERE is_rolled('', 'now', time) AND is_looked_at(is_bot) AND time >= (SELECT min(day) FROM listed)
      GROUP BY ALL
    )
    LEFT JOIN rolled_{tab}_names USING (id)
  )
  GROUP BY day
