-- On how many visitors each rule has evidence, how many requests they made, and in how many of these it is seen.
SELECT rule, count(*)::DOUBLE AS visitors, sum(requests)::DOUBLE AS requests, sum(evidence.hits)::DOUBLE AS hits
FROM evidence
JOIN (SELECT visitor, count(*) AS requests FROM selected('', 'now') GROUP BY visitor) USING (visitor)
GROUP BY rule
