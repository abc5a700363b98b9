-- Of how many visitors on this device a decision would be.
SELECT
  count(DISTINCT visitor) FILTER ({key} IN (SELECT key FROM {from} WHERE {test}))::DOUBLE AS reached,
  count(DISTINCT visitor)::DOUBLE AS visitors
FROM hits
WHERE is_request
