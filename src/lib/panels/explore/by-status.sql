-- The requests of each bucket of the whole range, by the first digit of their status.
SELECT
  epoch_ms(bucket(time))::DOUBLE AS bucket,
  count(*) FILTER (status // 100 = 2)::DOUBLE AS "2xx",
  count(*) FILTER (status // 100 = 3)::DOUBLE AS "3xx",
  count(*) FILTER (status // 100 = 4)::DOUBLE AS "4xx",
  count(*) FILTER (status // 100 = 5)::DOUBLE AS "5xx",
  count(*) FILTER ((status // 100 BETWEEN 2 AND 5) IS NOT TRUE)::DOUBLE AS other
FROM selected('', 'chart')
GROUP BY ALL
