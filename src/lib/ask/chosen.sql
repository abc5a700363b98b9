-- The same where few hits pass the filter, which were put aside once for all who ask. Only those who leave out a clause
-- of it, being about its column, look through all hits; the engine drops the half that is false.
CREATE OR REPLACE TEMP MACRO selected(own, period) AS TABLE
SELECT *
FROM chosen
WHERE NOT ({owns})
  AND time >= getvariable(period || '_from')
  AND time < getvariable(period || '_to')
UNION ALL
SELECT *
FROM hits
WHERE ({owns})
  AND is_request
  AND time >= getvariable(period || '_from')
  AND time < getvariable(period || '_to')
  AND {clauses};
