-- One row for each visit: when it was, how much it asked for, where it began and ended, and where it came from.
SELECT
  seen.visit,
  visitors.hash AS visitor,
  seen.begin_time,
  seen.end_time,
  (epoch_ms(seen.end_time) - epoch_ms(seen.begin_time))::DOUBLE AS duration,
  seen.requests,
  seen.pages,
  entry.value AS entry_page,
  exit.value AS exit_page,
  CASE WHEN kind.value = 'internal' THEN NULL ELSE domain.value END AS source,
  CASE WHEN kind.value = 'internal' THEN 'direct' ELSE kind.value END AS source_kind,
  ip.value AS ip,
  country.value AS country,
  device.value AS device,
  browser.value AS browser,
  os.value AS os,
  {classes}[seen.class + 1] AS class
FROM (
  SELECT
    visit,
    any_value(visitor) AS visitor,
    min(time) AS begin_time,
    max(time) AS end_time,
    count(*) AS requests,
    count(*) FILTER (is_page_view) AS pages,
    arg_min(path, place) FILTER (is_page_view) AS entry_page,
    arg_max(path, place) FILTER (is_page_view) AS exit_page,
    arg_min(source, place) FILTER (is_page_view) AS source,
    any_value(client) AS client,
    any_value(class) AS class
  FROM (
    SELECT *, epoch_ms(time) % 86_400_000 * 68_719_476_736 + seq % 68_719_476_736 AS place
    FROM main.hits
    WHERE is_request AND visit > 0
  )
  GROUP BY visit
) AS seen
LEFT JOIN visitors ON visitors.visitor = seen.visitor
LEFT JOIN clients ON clients.client = seen.client
LEFT JOIN sources ON sources.source = seen.source
LEFT JOIN {path} AS entry ON entry.key = seen.entry_page
LEFT JOIN {path} AS exit ON exit.key = seen.exit_page
LEFT JOIN {referrer_domain} AS domain ON domain.key = sources.referrer_domain
LEFT JOIN {referrer_kind} AS kind ON kind.key = sources.referrer_kind
LEFT JOIN {ip} AS ip ON ip.key = clients.ip
LEFT JOIN {country} AS country ON country.key = clients.country
LEFT JOIN {device} AS device ON device.key = clients.device
LEFT JOIN {browser} AS browser ON browser.key = clients.browser
LEFT JOIN {os} AS os ON os.key = clients.os
