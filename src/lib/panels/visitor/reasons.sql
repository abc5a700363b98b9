-- What speaks for and against a visitor of one day.
SELECT rule, weight::DOUBLE AS weight, hits::DOUBLE AS hits
FROM evidence
WHERE visitor = (SELECT visitor FROM visitors WHERE hash = TRY_CAST(getvariable('visitor') AS UBIGINT))
ORDER BY abs(weight) DESC, rule
