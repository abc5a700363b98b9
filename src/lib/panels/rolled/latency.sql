-- What roll-ups add to the bins of latency.
UNION ALL
SELECT bucket(time), true, bin, sum(requests)::DOUBLE
FROM rolled_latency
WHERE {is_told} AND is_looked_at(is_bot)
GROUP BY ALL
