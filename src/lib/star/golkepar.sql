-- The page visits of Golkepar, under its names. Golkepar flags an address for all time; here a flag holds for a visitor,
-- who is an address and an agent on one UTC day.
CREATE OR REPLACE VIEW golkepar_visits AS
WITH request AS (
  FROM flat WHERE kind = 'request'
),
flags AS (
  SELECT
    visitor,
    bool_or(is_asset AND status IN (200, 304)) AS is_browser,
    bool_or(status BETWEEN 200 AND 399 AND regexp_matches(path, '^/(?:wp-admin|admin/|user$|node/.*/edit$)')) AS is_admin,
    bool_or(status IN (403, 405, 406, 412, 417, 423, 428)) AS is_refused
  FROM request
  GROUP BY visitor
)
SELECT
  md5(concat(ip, user_agent)) AS user_key,
  ip,
  host,
  remote_user AS "user",
  status,
  method,
  path,
  time + to_minutes(coalesce(utc_offset, 0)) AS datetime,
  query,
  protocol,
  user_agent,
  bytes AS length,
  referrer AS referer,
  is_asset,
  country,
  concat_ws('/', region, city) AS city,
  'AS' || asn || coalesce(' - ' || as_org, '') AS asn,
  coalesce(device = 'phone', false) AS is_mobile,
  CASE WHEN is_browser THEN 'real_browser' ELSE 'not_a_browser' END AS ip_browser_status,
  CASE WHEN is_bot THEN 'bot_agent' ELSE 'not_bot_agent' END AS is_bot_status,
  CASE WHEN is_admin THEN 'ip_went_into_admin_area' ELSE 'not_ip_went_into_admin_area' END AS ip_admin_status,
  CASE WHEN is_refused THEN 'ip_bad_status' ELSE 'not_ip_bad_status' END AS ip_reputation_status,
  CASE WHEN is_bot THEN lower(coalesce(bot_name, '')) ELSE '' END AS agent,
  regexp_extract(lower(referrer), '^https?://(?:[^/?#@]*@)?(?:www\.)?(\[[0-9a-f:.]+\]|[^/?#:]+)', 1) AS referer_domain
FROM request
JOIN flags USING (visitor)
WHERE NOT is_asset AND NOT starts_with(path, '/wp-');
