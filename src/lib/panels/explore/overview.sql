-- The errors and the lines with what is looked for, by rung of the ladder.
SELECT
  (epoch_ms(time) - {from}) // {width} AS rung,
  count(*) FILTER ({failed})::DOUBLE AS errors,
  count(*) FILTER ({found})::DOUBLE AS found
FROM logged('', 'now')
WHERE {failed} OR {found}
GROUP BY rung
