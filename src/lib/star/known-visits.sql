-- The visits of the visitors in `numbered` whom the store had already.
SELECT
  (SELECT coalesce(max(visit), 0) FROM hits) AS most,
  list(visitor) AS visitor,
  list(visit) AS visit,
  list(first) AS first,
  list(last) AS last
FROM (
  SELECT visitor, visit, epoch_ms(min(time))::DOUBLE AS first, epoch_ms(max(time))::DOUBLE AS last
  FROM hits
  WHERE visit > 0 AND visitor IN (SELECT id FROM numbered WHERE NOT is_new)
  GROUP BY ALL
)
