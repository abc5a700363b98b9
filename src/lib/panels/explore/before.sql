-- How many lines of a stretch stand before one.
SELECT count(*)::DOUBLE AS lines
FROM logged('', 'now')
WHERE {stretch} AND {before}
