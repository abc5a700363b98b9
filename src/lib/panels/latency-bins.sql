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
      SELECT bucket(slot) AS bucket, {is_counted(slot)} AS is_counted, bin, sum(requests)::DOUBLE AS requests
      FROM {bins}
      GROUP BY ALL
    )
    SELECT bucket, latency_of(bin) AS ms, sum(requests) AS requests FROM bins GROUP BY ALL
    UNION ALL
    SELECT NULL, latency_of(bin), sum(requests) FROM bins WHERE is_counted GROUP BY ALL
  )
)
GROUP BY bucket
