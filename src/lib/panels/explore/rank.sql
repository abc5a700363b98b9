-- How many lines with what is looked for stand before one, that line included.
SELECT count(*)::DOUBLE AS lines
FROM logged('', 'now')
WHERE ({within}) AND {found}
