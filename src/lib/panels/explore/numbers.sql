-- The first and the last number among the lines of a stretch.
SELECT min(seq)::DOUBLE AS least, max(seq)::DOUBLE AS most
FROM logged('', 'now')
WHERE {stretch}
