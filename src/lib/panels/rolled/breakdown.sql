-- What roll-ups add to the values of a tab.
UNION ALL
SELECT {value} AS value, requests, counted
FROM (
  SELECT id, sum(requests) AS requests, sum({rolled_counted}) AS counted
  FROM rolled_{tab}
  WHERE {is_told}
  GROUP BY id
) AS rolled{words}
