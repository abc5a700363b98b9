-- What bots of each name did, held against robots.txt, whatever class is chosen. Everybody may read robots.txt itself.
WITH hit AS (
  SELECT client, path, query, status, count(*) AS requests, max(time) AS last
  FROM selected('class', 'now')
  WHERE class = {bots}
  GROUP BY ALL
),
asked AS (
  SELECT
    bot.word AS bot,
    path.word AS path,
    path.word || coalesce('?' || query.word, '') AS target,
    sum(requests) AS requests,
    coalesce(sum(requests) FILTER (status IN (401, 403, 429)), 0) AS refused,
    coalesce(sum(requests) FILTER (status BETWEEN 200 AND 299 OR status = 304), 0) AS answered,
    max(last) AS last
  FROM hit
  JOIN clients USING (client)
  JOIN (FROM words WHERE field = {bot_name}) AS bot ON bot.id = bot_name
  JOIN (FROM words WHERE field = {path}) AS path ON path.id = hit.path
  JOIN (FROM words WHERE field = {query}) AS query ON query.id = hit.query
  WHERE bot_name > 0
  GROUP BY ALL
),
held AS (
  SELECT *, path = '/robots.txt' AS is_told, is_told OR coalesce({allowed}, true) AS is_allowed
  FROM asked
)
SELECT
  bot,
  sum(requests)::DOUBLE AS requests,
  max(last) FILTER (is_told) AS read,
  coalesce(sum(refused) FILTER (is_allowed), 0)::DOUBLE AS refused,
  arg_max(target, refused) FILTER (is_allowed AND refused > 0) AS refused_example,
  coalesce(sum(answered) FILTER (NOT is_allowed), 0)::DOUBLE AS forbidden,
  arg_max(target, answered) FILTER (NOT is_allowed AND answered > 0) AS forbidden_example
FROM held
GROUP BY bot
ORDER BY forbidden DESC, refused DESC, requests DESC, bot
