-- The key figures of attacks, logins and administration by slot and, with `slot` null, of the whole period.
{probes},
{attempts},
attack AS (
  SELECT {slot} AS slot, status, is_answered, CASE WHEN ip > 0 THEN ip ELSE -client_name END AS sender
  FROM hit
  WHERE is_attack
),
login AS (
  SELECT {slot} AS slot, has_failed FROM attempt
),
visited AS (
  SELECT {slot} AS slot, status
  FROM selected('{own}', '{period}') AS hits
  JOIN (FROM probed WHERE field = {path} AND family = 'admin') AS admin ON admin.id = hits.path
  WHERE NOT is_asset
)
SELECT
  slot,
  count(*)::DOUBLE AS attacks,
  count(*) FILTER (is_answered)::DOUBLE AS answered,
  count(*) FILTER (status >= 400)::DOUBLE AS refused,
  count(DISTINCT sender)::DOUBLE AS senders
FROM attack
GROUP BY GROUPING SETS ((slot), ())
UNION ALL BY NAME
SELECT slot, count(*)::DOUBLE AS attempts, count(*) FILTER (has_failed)::DOUBLE AS failed_logins
FROM login
GROUP BY GROUPING SETS ((slot), ())
UNION ALL BY NAME
SELECT slot, count(*)::DOUBLE AS admin, count(*) FILTER (status BETWEEN 200 AND 299)::DOUBLE AS admin_answered
FROM visited
GROUP BY GROUPING SETS ((slot), ())
