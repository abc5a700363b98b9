-- People who asked for something lately, under the filter.
SELECT count(DISTINCT visitor)::DOUBLE AS people
FROM selected('', 'now')
WHERE {people} AND time >= epoch_ms({from}) AND time < epoch_ms({to})
