-- What roll-ups add to when the first values were counted.
UNION ALL
SELECT {value} AS value, slot, sum(counted) AS counted
FROM (
  SELECT id, {slot}, {rolled_counted} AS counted
  FROM rolled_{tab}
  WHERE {is_told}
) AS rolled{words}
SEMI JOIN first ON first.value = {value}
GROUP BY ALL
