-- The other fields of a sample of hits.
SELECT extra
FROM (SELECT extra FROM selected('', 'now') WHERE extra IS NOT NULL)
USING SAMPLE reservoir(2000 ROWS) REPEATABLE (1)
