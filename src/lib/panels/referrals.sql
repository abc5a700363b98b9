-- One row for each visitor and where a visit of theirs came from, within the site left out.
SELECT {value} AS value, visitor, is_bot, min(time) AS time, count(*) AS requests
FROM selected('{own}', '{period}')
WHERE kind = 'request' AND {condition}
GROUP BY ALL
