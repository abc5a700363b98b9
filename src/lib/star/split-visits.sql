-- Gives new numbers to parts of visits in `cut` that are too far from what came before them, since hits between were deleted.
CREATE OR REPLACE TEMP TABLE parted AS
SELECT place, (SELECT max(visit) FROM hits) + dense_rank() OVER (ORDER BY visit, part) AS visit
FROM (
  SELECT place, visit, sum(starts::INTEGER) OVER (PARTITION BY visit ORDER BY time) AS part
  FROM (
    SELECT
      rowid AS place,
      visit,
      time,
      coalesce(epoch_ms(time) - lag(epoch_ms(time)) OVER (PARTITION BY visit ORDER BY time) > {visit_gap}, false) AS starts
    FROM hits
    WHERE visit IN (SELECT visit FROM cut)
  )
)
WHERE part > 0;

UPDATE hits SET visit = parted.visit FROM parted WHERE hits.rowid = parted.place;
