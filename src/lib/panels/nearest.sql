-- The hits on either side of the range, of those that are on this device.
SELECT
  epoch_ms(max(time) FILTER (time < getvariable('chart_from')))::DOUBLE AS before,
  epoch_ms(min(time) FILTER (time >= getvariable('chart_to')))::DOUBLE AS after
FROM hits
WHERE is_request
