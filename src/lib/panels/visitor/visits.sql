-- The latest visits of a subject under the filter, and those with an attack that got an answer.
{hit},
visited AS (
  SELECT
    visit,
    any_value(visitor) AS visitor,
    any_value(client) AS client,
    min(time) AS first,
    max(time) AS last,
    count(*) AS requests,
    count(*) FILTER (is_page_view) AS pages,
    count(*) FILTER (is_asset) AS assets,
    count(*) FILTER (is_probe) AS probes,
    count(*) FILTER (is_attack AND is_answered) AS answered,
    coalesce(sum(bytes), 0) AS bytes,
    arg_min(path, {moment}) FILTER (is_page_view) AS entry_page,
    arg_max(path, {moment}) FILTER (is_page_view) AS exit_page,
    arg_min(source, {moment}) FILTER (is_page_view) AS source,
    row_number() OVER (ORDER BY min(time), visit) AS number,
    count(*) OVER () AS listed
  FROM hit
  GROUP BY visit
  ORDER BY answered > 0 DESC, last DESC, visit DESC
  LIMIT {most}
)
SELECT
  visit::DOUBLE AS visit,
  hash::VARCHAR AS hash,
  kind,
  {word(ip)} AS ip,
  {word(client_name)} AS client_name,
  {word(browser)} AS browser,
  {word(bot_name)} AS bot_name,
  first,
  last,
  requests::DOUBLE AS requests,
  pages::DOUBLE AS pages,
  assets::DOUBLE AS assets,
  probes::DOUBLE AS probes,
  answered::DOUBLE AS answered,
  bytes::DOUBLE AS bytes,
  number::DOUBLE AS number,
  listed::DOUBLE AS listed,
  (SELECT value FROM {names(path)} WHERE key = entry_page) AS entry_page,
  (SELECT value FROM {names(path)} WHERE key = exit_page) AS exit_page,
  CASE
    WHEN (SELECT value FROM {names(referrer_kind)} WHERE key = sources.referrer_kind) <> 'internal'
    THEN (SELECT value FROM {names(referrer_domain)} WHERE key = sources.referrer_domain)
  END AS source
FROM visited
JOIN visitors USING (visitor)
JOIN (SELECT visitor, kind FROM verdicts) USING (visitor)
JOIN clients USING (client)
LEFT JOIN sources ON sources.source = visited.source
ORDER BY last DESC, visit DESC
