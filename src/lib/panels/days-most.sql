-- Of days: the five values of a column with the most requests of each.
SELECT day, min({less: -requests, known: value IS NOT NULL, value: value}, 5) AS most
FROM (SELECT slot AS day, value AS code, sum(requests)::INTEGER AS requests FROM {counted} GROUP BY ALL)
JOIN {names} AS names ON names.key = code
GROUP BY day
