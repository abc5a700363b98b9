-- Finds the number of each staged row in {table}, and adds the rows that it lacks.
CREATE OR REPLACE TEMP TABLE numbered AS
SELECT
  staged.*,
  coalesce(old.{id}, last + row_number() OVER (PARTITION BY {within}old.{id} IS NULL ORDER BY place))::INTEGER AS id,
  old.{id} IS NULL AS is_new
FROM staged_{table} AS staged
LEFT JOIN {old} AS old USING ({columns})
JOIN {last};

INSERT INTO {table}
SELECT id, {columns} FROM numbered WHERE is_new ORDER BY place;
