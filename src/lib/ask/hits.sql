-- The hits of a period under the filter: as `selected` its requests, as `logged` the lines of error logs too.
--
-- `own` is the column that the panel groups by. What is chosen of it is left out, so that a chosen value stays among the
-- others. `period` is 'now', 'previous', or a period of the chart. A macro takes no bound values, so values are
-- variables; the engine replaces getvariable() by its value, and reads only the blocks that can have it.
CREATE OR REPLACE TEMP MACRO {name}(own, period) AS TABLE
SELECT *
FROM hits
WHERE {kind}
  AND time >= getvariable(period || '_from')
  AND time < getvariable(period || '_to')
  AND {clauses};
