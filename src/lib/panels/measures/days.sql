-- Requests, and the sum of their durations, where those are known.
SELECT {at(time)} AS slot, class, count(*) AS requests, count(duration) AS timed, sum(duration) AS duration
FROM {hits}
GROUP BY ALL
