-- Of days: how many different clients there were (addresses, or host names where the server logs those), and the most
-- frequent paths and browsers.
SELECT
  epoch_ms(day)::DOUBLE AS day,
  addresses,
  list_transform(paths.most, lambda one: one.value) AS paths,
  list_transform(paths.most, lambda one: -one.less) AS path_requests,
  list_transform(browsers.most, lambda one: one.value) AS browsers,
  list_transform(browsers.most, lambda one: -one.less) AS browser_requests
FROM (SELECT slot AS day, sum(addresses)::DOUBLE AS addresses FROM {addresses} GROUP BY slot)
JOIN ({paths}) AS paths USING (day)
JOIN ({browsers}) AS browsers USING (day)
ORDER BY day
