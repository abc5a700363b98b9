-- What adds up.
SELECT
  {at(time)} AS slot,
  class,
  count(*) AS requests,
  count(*) FILTER (is_page_view) AS page_views,
  coalesce(sum(bytes), 0) AS bytes,
  count(duration) AS timed,
  sum(duration) AS duration,
  count(*) FILTER (status BETWEEN 400 AND 499) AS refused,
  count(*) FILTER (status >= 500) AS errors
FROM {hits}
GROUP BY ALL
