-- What roll-ups add to when the first values were counted.
UNION ALL
SELECT value, slot, sum(counted) AS counted
FROM (
  SELECT id, {slot}, {rolled_counted} AS counted
  FROM rolled_{tab}
  WHERE {is_told}
)
JOIN (FROM rolled_{tab}_names SEMI JOIN first USING (value)) USING (id)
GROUP BY ALL
