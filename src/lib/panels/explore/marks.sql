-- What the marked lines say, as far as they are on this device.
SELECT
  hits.seq::DOUBLE AS seq,
  hits.status,
  hits.message,
  method.value AS method,
  path.value AS path
FROM hits
JOIN {method} AS method ON method.key = hits.method
JOIN {path} AS path ON path.key = hits.path
WHERE hits.time >= epoch_ms({from}) AND hits.time <= epoch_ms({to}) AND hits.seq IN ({seqs})
