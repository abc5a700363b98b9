-- What was asked for in a short time, by whom, and how it was answered: the most of each.
WITH hit AS (
  SELECT
    path.value AS path,
    coalesce(remote_user.value, ip.value) AS asker,
    status // 100 AS code
  FROM (
    SELECT path, remote_user, client, status
    FROM selected('', 'now')
    WHERE time >= epoch_ms({from}) AND time < epoch_ms({to})
  ) AS hit
  JOIN clients ON clients.client = hit.client
  JOIN {path} AS path ON path.key = hit.path
  JOIN {remote_user} AS remote_user ON remote_user.key = hit.remote_user
  JOIN {ip} AS ip ON ip.key = clients.ip
),
counted AS (
  SELECT 'path' AS list, path AS value FROM hit
  UNION ALL
  SELECT 'section' AS list, regexp_extract(path, '^/[^/?#]*') AS value FROM hit
  UNION ALL
  SELECT 'user' AS list, asker AS value FROM hit
  UNION ALL
  SELECT 'status' AS list, code::VARCHAR AS value FROM hit
)
SELECT list, value, count(*)::DOUBLE AS hits
FROM counted
WHERE value IS NOT NULL
GROUP BY list, value
QUALIFY row_number() OVER (PARTITION BY list ORDER BY hits DESC, value) <= 8
ORDER BY list, hits DESC, value
