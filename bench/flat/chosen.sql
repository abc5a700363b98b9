-- The same over `chosen`, the few hits that pass the filter.
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
  AND time >= getvariable(period || '_from')
  AND time < getvariable(period || '_to')
  AND {clauses};
