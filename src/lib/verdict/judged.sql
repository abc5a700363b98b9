-- The visitors to judge: those who are among the hits that came, and whoever shares an address with one of them. All
-- hits of a visitor are of one UTC day.
CREATE OR REPLACE TEMP TABLE judged AS
WITH fresh AS (SELECT DISTINCT visitor, client FROM hits WHERE {came})
SELECT visitor FROM fresh
UNION
SELECT visitor
FROM hits
WHERE {of_days} AND client IN (
  SELECT client
  FROM clients
  WHERE ip > 0 AND ip IN (SELECT ip FROM clients SEMI JOIN fresh USING (client))
)
