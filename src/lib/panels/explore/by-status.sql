-- The lines of each bucket of the whole range: requests by the first digit of their status, and those of error logs.
SELECT
  epoch_ms(bucket(time))::DOUBLE AS bucket,
  count(*) FILTER (is_request AND status // 100 = 2)::DOUBLE AS "2xx",
  count(*) FILTER (is_request AND status // 100 = 3)::DOUBLE AS "3xx",
  count(*) FILTER (is_request AND status // 100 = 4)::DOUBLE AS "4xx",
  count(*) FILTER (is_request AND status // 100 = 5)::DOUBLE AS "5xx",
  count(*) FILTER (is_request AND (status // 100 BETWEEN 2 AND 5) IS NOT TRUE)::DOUBLE AS other,
  count(*) FILTER (NOT is_request)::DOUBLE AS error
FROM logged('', 'chart')
GROUP BY ALL
