-- How the numbers of a column are spread.
SELECT
  count("{field}")::DOUBLE AS known,
  min("{field}")::DOUBLE AS least,
  quantile_cont("{field}", 0.5)::DOUBLE AS median,
  quantile_cont("{field}", 0.95)::DOUBLE AS p95,
  max("{field}")::DOUBLE AS most
FROM logged('{field}', 'now')
