SELECT count(*)::DOUBLE AS requests
FROM selected('', 'now')
