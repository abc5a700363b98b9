-- Of figures.sql: latency by bucket and, with bucket null, in total, as it is.
SELECT bucket(time) AS bucket, quantile_cont(duration, [0.5, 0.95, 0.99]) AS latency
FROM selected('', '{period}')
GROUP BY ALL
UNION ALL BY NAME
SELECT quantile_cont(duration, [0.5, 0.95, 0.99]) AS latency
FROM selected('', '{period}')
WHERE {is_counted(time)}
HAVING count(*) > 0
