-- How many lines stand in each rung of a ladder.
SELECT ({at} - {from}) // {width} AS rung, count(*)::DOUBLE AS lines
FROM logged('', 'now')
WHERE {stretch}
GROUP BY rung
