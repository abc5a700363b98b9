-- What bots of each name took, and the visitors that each site sent, whatever class is chosen.
SELECT 'crawl' AS part, bot.word AS name, count(*)::DOUBLE AS requests,
  count(*) FILTER (is_page_view)::DOUBLE AS pages, coalesce(sum(bytes), 0)::DOUBLE AS bytes, 0::DOUBLE AS visitors
FROM selected('class', 'now') AS hit
JOIN clients USING (client)
JOIN (FROM words WHERE field = {bot_name}) AS bot ON bot.id = bot_name
WHERE class = {bots} AND bot_name > 0
GROUP BY bot.word
UNION ALL
SELECT 'sent', domain.word, 0, 0, 0, count(DISTINCT visitor)
FROM selected('class', 'now') AS hit
JOIN sources USING (source)
JOIN (FROM words WHERE field = {referrer_domain}) AS domain ON domain.id = referrer_domain
WHERE class = {people} AND referrer_domain > 0
GROUP BY domain.word
