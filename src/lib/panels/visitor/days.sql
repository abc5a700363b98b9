-- The visitors of a subject under the filter, each of one UTC day: what each did when, and the verdict on it.
{hit},
marked AS MATERIALIZED (
  SELECT
    *,
    CASE WHEN is_attack AND is_answered THEN 3 WHEN is_probe THEN 2 WHEN is_page_view THEN 1 ELSE 0 END AS mark
  FROM hit
),
day AS (
  SELECT
    visitor,
    any_value(client) AS client,
    min(time) AS first,
    max(time) AS last,
    count(*) AS requests,
    count(*) FILTER (is_page_view) AS pages,
    count(*) FILTER (is_probe) AS probes,
    count(*) FILTER (mark = 3) AS answered,
    count(*) OVER () AS listed
  FROM marked
  GROUP BY visitor
  ORDER BY {order}
  LIMIT {most}
),
slotted AS (
  SELECT visitor, epoch_ms(time) % 86_400_000 // {slot} AS slot, max(mark) AS mark, count(*) AS requests
  FROM marked
  SEMI JOIN day USING (visitor)
  GROUP BY ALL
),
slots AS (
  SELECT
    visitor,
    list(slot::INTEGER ORDER BY slot) AS slots,
    list(mark::INTEGER ORDER BY slot) AS marks,
    list(requests::INTEGER ORDER BY slot) AS counts
  FROM slotted
  GROUP BY visitor
),
whole AS (
  SELECT visitor, count(*) AS judged
  FROM hits
  SEMI JOIN day USING (visitor)
  WHERE is_request
  GROUP BY visitor
),
score AS (
  SELECT visitor, sum(weight) AS score
  FROM evidence
  SEMI JOIN day USING (visitor)
  WHERE NOT starts_with(rule, {owner})
  GROUP BY visitor
)
SELECT
  hash::VARCHAR AS hash,
  kind,
  coalesce(score, 0)::DOUBLE AS score,
  first,
  last,
  requests::DOUBLE AS requests,
  judged::DOUBLE AS judged,
  pages::DOUBLE AS pages,
  probes::DOUBLE AS probes,
  answered::DOUBLE AS answered,
  listed::DOUBLE AS listed,
  slots,
  marks,
  counts,
  {word(ip)} AS ip,
  {word(client_name)} AS client_name,
  {word(user_agent)} AS user_agent,
  {word(browser)} AS browser,
  {word(os)} AS os,
  {word(bot_name)} AS bot_name
FROM day
JOIN slots USING (visitor)
JOIN whole USING (visitor)
JOIN visitors USING (visitor)
JOIN (SELECT visitor, kind FROM verdicts) USING (visitor)
LEFT JOIN score USING (visitor)
JOIN clients USING (client)
ORDER BY {order}
