-- The lines that pass a test, by rung of the ladder.
SELECT (epoch_ms(time) - {from}) // {width} AS rung, count(*)::DOUBLE AS lines
FROM logged('', 'now')
WHERE {test}
GROUP BY rung
