-- A site at a glance: by day the people, hits and errors; and of the people those until the time of day that it is now.
SELECT
  bucket(time) AS day,
  count(DISTINCT visitor) FILTER ({people})::DOUBLE AS people,
  count(DISTINCT visitor) FILTER (
    {people} AND time < bucket(time) + to_milliseconds(CAST(getvariable('glance_elapsed') AS BIGINT))
  )::DOUBLE AS people_by_now,
  count(*)::DOUBLE AS hits,
  count(*) FILTER (status >= 500)::DOUBLE AS errors
FROM selected('', 'now')
GROUP BY 1
ORDER BY 1
