-- What the device holds of a subject, whatever the filter, and what its last client tells: one row, or none.
WITH own AS (
  SELECT
    count(*)::DOUBLE AS requests,
    count(DISTINCT client)::DOUBLE AS clients,
    min(time) AS first,
    max(time) AS last,
    arg_max(client, time) AS client,
    bool_or(flags IN (SELECT id FROM words WHERE field = {flags} AND contains(word, 'ip_truncated'))) AS is_cut
  FROM main.hits
  WHERE is_request AND {subject}
)
SELECT
  requests,
  clients,
  first,
  last,
  is_cut,
  {word(ip)} AS ip,
  {word(client_name)} AS client_name,
  {word(country)} AS country,
  {word(region)} AS region,
  {word(city)} AS city,
  {word(asn)}::VARCHAR AS asn,
  {word(as_org)} AS as_org,
  {word(user_agent)} AS user_agent,
  {word(browser)} AS browser,
  {word(browser_version)} AS browser_version,
  {word(os)} AS os,
  {word(os_version)} AS os_version,
  {word(device)} AS device,
  {word(bot_name)} AS bot_name
FROM own
JOIN clients USING (client)
