SELECT count(*)::DOUBLE AS requests
FROM selected('{column}', 'now')
WHERE kind = 'request'
