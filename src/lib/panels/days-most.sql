-- Of UTC days: the five values of a column with the most requests of each.
SELECT day, min({less: -visits, known: value IS NOT NULL, value: value}, 5) AS most
FROM (SELECT slot AS day, value AS code, sum(requests)::INTEGER AS visits FROM {counted} GROUP BY ALL)
JOIN {names} AS names ON names.key = code
GROUP BY day
