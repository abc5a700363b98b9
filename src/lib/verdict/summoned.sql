-- The visitors to judge: those who are among the hits that came, and whoever shares an address with one of them. All
-- hits of a visitor are of one UTC day. Who has the same number in `side` must be judged together.
CREATE OR REPLACE TEMP TABLE summoned AS
WITH fresh AS (SELECT DISTINCT visitor, client FROM hits WHERE {came}),
called AS (
  SELECT visitor, client FROM fresh
  UNION
  SELECT visitor, client
  FROM hits
  WHERE {of_days} AND client IN (
    SELECT client
    FROM clients
    WHERE ip > 0 AND ip IN (SELECT ip FROM clients SEMI JOIN fresh USING (client))
  )
)
SELECT visitor, min(CASE WHEN ip > 0 THEN ip ELSE client END) AS side
FROM called
JOIN (SELECT client, ip FROM clients) USING (client)
GROUP BY visitor
