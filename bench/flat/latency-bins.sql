-- Of figures.sql: latency in a long range, by bins.
SELECT
  bucket,
  [
    quantile_of(0.5, ms, within, hits),
    quantile_of(0.95, ms, within, hits),
    quantile_of(0.99, ms, within, hits)
  ] AS latency
FROM (
  SELECT
    bucket,
    ms,
    sum(requests) OVER (PARTITION BY bucket ORDER BY ms) AS within,
    sum(requests) OVER (PARTITION BY bucket) AS hits
  FROM (
    WITH bins AS MATERIALIZED (
      SELECT
        bucket(time) AS bucket,
        {counted} AS is_counted,
        latency_bin(duration) AS bin,
        count(*)::DOUBLE AS requests
      FROM {rest} AND duration IS NOT NULL
      GROUP BY ALL
    )
    SELECT bucket, latency_of(bin) AS ms, sum(requests) AS requests FROM bins GROUP BY ALL
    UNION ALL
    SELECT NULL, latency_of(bin), sum(requests) FROM bins WHERE is_counted GROUP BY ALL
  )
)
GROUP BY bucket
