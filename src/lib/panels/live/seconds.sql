-- Hits by second and class, and those that were answered with an error of the server.
SELECT
  floor(epoch(time)) AS second,
  class,
  count(*)::DOUBLE AS hits,
  count(*) FILTER (status >= 500)::DOUBLE AS errors
FROM selected('', 'now')
GROUP BY ALL
