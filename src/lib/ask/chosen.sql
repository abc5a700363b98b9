-- The same over `chosen`, the few lines that pass the filter. Panels that leave out a clause on their own column still read
-- `hits`. One of the two halves is always false, and the engine drops it.
CREATE OR REPLACE TEMP MACRO selected(own, period) AS TABLE
SELECT *
FROM chosen
WHERE NOT ({owns})
  AND is_request
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

-- The same with the lines of error logs.
CREATE OR REPLACE TEMP MACRO logged(own, period) AS TABLE
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
