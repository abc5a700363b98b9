-- One row a visit that has a page, with a column of the first or the last page of it. Hits of a visitor are of one UTC day,
-- so one number tells their order: the time of the day, then `seq`.
SELECT
  visitor,
  visit,
  {end}({column}, epoch_ms(time) % 86_400_000 * 68_719_476_736 + seq % 68_719_476_736) AS {column},
  min(time) AS time,
  count(*) AS requests
FROM {hits}
WHERE is_page_view
GROUP BY visitor, visit
