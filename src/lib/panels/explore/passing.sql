-- Which of some lines pass the filter.
SELECT seq::DOUBLE AS seq
FROM logged('', 'now')
WHERE time >= epoch_ms({from}) AND time <= epoch_ms({to}) AND seq IN ({seqs})
