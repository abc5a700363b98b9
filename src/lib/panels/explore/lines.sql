-- Some lines of a stretch, with the values of some columns, or their codes.
SELECT
  hit.seq::DOUBLE AS seq,
  epoch_ms(hit.time)::DOUBLE AS time,
  hit.status,
  hit.class,
  hit.is_request,
  CASE WHEN NOT hit.is_request THEN hit.message END AS message
  {values}
FROM (
  FROM logged('', 'now')
  WHERE {stretch}
  ORDER BY time, seq
  LIMIT {lines} OFFSET {offset}
) AS hit
{joins}
ORDER BY hit.time, hit.seq
