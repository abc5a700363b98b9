-- Every field of one line, and what its visitor is judged to be.
WITH line AS MATERIALIZED (FROM hits WHERE {is_line})
SELECT flat.*, (SELECT verdicts.kind FROM verdicts JOIN line USING (visitor)) AS verdict
FROM ({flat}) AS flat
