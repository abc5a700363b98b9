-- The first line beyond another that passes a test.
SELECT seq::DOUBLE AS seq, epoch_ms(time)::DOUBLE AS time
FROM logged('', 'now')
WHERE {beyond} AND {test}
ORDER BY time {order}, seq {order}
LIMIT 1
