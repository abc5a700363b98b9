-- One row a visitor: what a visitor's address and agent tell is counted from these instead of from every hit.
SELECT
  any_value(is_bot) AS is_bot,
  any_value(country) AS country,
  any_value(city) AS city,
  any_value(as_org) AS as_org,
  any_value(browser) AS browser,
  any_value(browser_version) AS browser_version,
  any_value(os) AS os,
  any_value(os_version) AS os_version,
  any_value(device) AS device,
  any_value(bot_name) AS bot_name,
  any_value(bot_purpose) AS bot_purpose,
  min(time) AS time,
  count(*) AS requests
FROM selected('{own}', '{period}')
WHERE kind = 'request'
GROUP BY visitor
