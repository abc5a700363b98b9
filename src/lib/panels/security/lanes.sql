-- How many probes of each family there were, slot by slot, and from how many addresses.
{probes},
slots AS (
  SELECT
    family,
    {slot} AS slot,
    count(*)::DOUBLE AS requests,
    count(*) FILTER (is_answered)::DOUBLE AS answered
  FROM hit
  GROUP BY ALL
),
sent AS (
  SELECT family, count(DISTINCT CASE WHEN ip > 0 THEN ip ELSE -client_name END)::DOUBLE AS addresses FROM hit GROUP BY family
)
SELECT
  family,
  sum(requests) AS requests,
  sum(answered) AS answered,
  any_value(addresses) AS addresses,
  list(slot ORDER BY slot) AS slots,
  list(requests ORDER BY slot) AS counts,
  list(answered ORDER BY slot) AS hits
FROM slots
JOIN sent USING (family)
GROUP BY family
ORDER BY requests DESC, family
