import type { SavedQuery } from '#lib/schema/queries.ts'

/** Queries that every site has. */
export const builtIn: readonly SavedQuery[] = [
  {
    name: 'Slow and failing pages',
    sql: `-- Slow and failing pages
SELECT path,
       count(*)                                          AS requests,
       count(DISTINCT visitor)                           AS visitors,
       quantile_cont(duration, 0.95)                     AS p95_ms,
       count(*) FILTER (WHERE status >= 500) / count(*)  AS failed,
       max(time)                                         AS last_seen
FROM selected
WHERE NOT is_bot AND NOT is_asset
GROUP BY path
ORDER BY p95_ms DESC`
  },
  {
    name: 'Visitors by source and hour',
    sql: `-- Visitors by source and hour
SELECT time_bucket(INTERVAL 1 HOUR, time) AS hour,
       referrer_kind,
       count(DISTINCT visitor) AS visitors
FROM selected
WHERE NOT is_bot
GROUP BY ALL
ORDER BY hour`
  },
  {
    name: 'Rejected logins by country',
    sql: `-- Rejected logins by country
SELECT country, count(*) AS failed
FROM selected
WHERE path LIKE '%login%' AND status IN (401, 403, 429)
GROUP BY country
ORDER BY failed DESC`
  },
  {
    name: 'Bytes by network, undeclared bots',
    sql: `-- Bytes by network, undeclared bots
SELECT asn, as_org, count(DISTINCT ip) AS addresses, sum(bytes) AS bytes
FROM hits
WHERE bot_name IS NULL AND is_bot
GROUP BY ALL
ORDER BY bytes DESC
LIMIT 50`
  },
  {
    name: 'Pages that visits begin with',
    sql: `-- Pages that visits begin with
SELECT entry_page, count(*) AS visits, avg(pages) AS pages_a_visit, count(*) FILTER (pages = 1) / count(*) AS one_page
FROM visits
WHERE class = 'people' AND pages > 0
GROUP BY entry_page
ORDER BY visits DESC`
  },
  {
    name: '404s with a referrer',
    sql: `-- 404s with a referrer
SELECT path, referrer, count(*) AS requests
FROM selected
WHERE status = 404 AND referrer IS NOT NULL
GROUP BY ALL
ORDER BY requests DESC`
  },
  {
    name: 'Ballcone: visits a day',
    sql: `-- Ballcone: visits a day
SELECT date_trunc('day', time) AS date, count(*) AS visits, count(DISTINCT ip) AS unique_ips
FROM hits
WHERE kind = 'request'
GROUP BY date
ORDER BY date DESC`
  },
  {
    name: 'Ballcone: size of the database',
    sql: `-- Ballcone: size of the database
SELECT * FROM pragma_database_size();`
  },
  {
    name: 'Golkepar: visits by kind of address',
    sql: `-- Golkepar: visits by kind of address
SELECT ip_browser_status, is_bot_status, ip_admin_status, ip_reputation_status, count(*) AS visits
FROM golkepar_visits
GROUP BY ALL
ORDER BY visits DESC`
  }
]
