-- The machines by the name that they have, or else the browser that they pose as: how much they took, and what weighs
-- most against them.
WITH hit AS (
  SELECT
    visitor,
    client,
    count(*) AS requests,
    count(*) FILTER (is_page_view) AS pages,
    coalesce(sum(bytes), 0) AS bytes
  FROM selected('verdict', 'now')
  WHERE class > 0
  GROUP BY ALL
),
named AS (
  SELECT
    hit.*,
    kind,
    bot.word AS bot,
    CASE WHEN bot.word IS NULL THEN browser.word END AS browser
  FROM hit
  JOIN clients USING (client)
  JOIN (SELECT visitor, kind FROM verdicts) USING (visitor)
  JOIN (FROM words WHERE field = {bot_name}) AS bot ON bot.id = bot_name
  JOIN (FROM words WHERE field = {browser}) AS browser ON browser.id = clients.browser
),
first AS (
  SELECT
    bot,
    browser,
    kind,
    count(DISTINCT visitor) AS visitors,
    sum(requests) AS requests,
    sum(pages) AS pages,
    sum(bytes) AS bytes,
    arg_max(visitor, requests) AS busiest
  FROM named
  GROUP BY ALL
  ORDER BY requests DESC
  LIMIT 20
),
points AS (
  SELECT bot, browser, kind, rule, sum(weight) AS weight
  FROM named
  JOIN evidence USING (visitor)
  WHERE weight > 0
  GROUP BY ALL
)
SELECT
  first.bot,
  first.browser,
  first.kind,
  any_value(visitors)::DOUBLE AS visitors,
  any_value(requests)::DOUBLE AS requests,
  any_value(pages)::DOUBLE AS pages,
  any_value(bytes)::DOUBLE AS bytes,
  any_value(hash)::VARCHAR AS busiest,
  list(rule ORDER BY weight DESC)[:3] AS rules
FROM first
JOIN visitors ON visitors.visitor = busiest
LEFT JOIN points
  ON points.kind = first.kind
  AND points.bot IS NOT DISTINCT FROM first.bot
  AND points.browser IS NOT DISTINCT FROM first.browser
GROUP BY first.bot, first.browser, first.kind
ORDER BY requests DESC, 1, 2, 3
