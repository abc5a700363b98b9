-- How long hits took, by bins.
SELECT {at(time)} AS slot, class, latency_bin(duration) AS bin, count(*) AS requests
FROM {hits}
WHERE duration IS NOT NULL
GROUP BY ALL
