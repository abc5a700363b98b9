-- The hits of a rule by second, and by what they have in common.
SELECT floor(epoch(time)) AS second, count(*)::DOUBLE AS hits, {key} AS key
FROM selected('', 'now')
{join}
WHERE {test}
GROUP BY ALL
ORDER BY second
