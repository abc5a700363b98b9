-- The other fields of a sample of lines.
SELECT extra
FROM (SELECT extra FROM logged('', 'now') WHERE extra IS NOT NULL)
USING SAMPLE reservoir(2000 ROWS) REPEATABLE (1)
