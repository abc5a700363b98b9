-- When the line of a number was written.
SELECT epoch_ms(time)::DOUBLE AS time FROM logged('', 'now') WHERE seq = {seq} LIMIT 1
