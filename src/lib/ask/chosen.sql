-- The same over `chosen`, the few lines that pass the filter. Panels that leave out a clause on their own column still read
-- `hits`. One of the two halves is always false, and the engine drops it.
CREATE OR REPLACE TEMP MACRO {name}(own, period) AS TABLE
SELECT *
FROM chosen
WHERE NOT ({owns})
  AND {kind}
  AND time >= getvariable(period || '_from')
  AND time < getvariable(period || '_to')
UNION ALL
SELECT *
FROM hits
WHERE ({owns})
  AND {kind}
  AND time >= getvariable(period || '_from')
  AND time < getvariable(period || '_to')
  AND {clauses};
