-- What all visitors that were judged tell of the site.
SELECT
  (
    SELECT count(DISTINCT visitor) >= 2
    FROM (SELECT visitor FROM hits WHERE is_asset AND NOT is_bot AND is_request AND status IN (200, 304) LIMIT 1000)
  ) AS "hasAssets",
  (
    SELECT count(DISTINCT visitor) FILTER (rule IN ('attack', 'probe')) > {margin} * count(*) FILTER (rule = 'loaded')
    FROM evidence
  ) AS "isCrowded",
  (
    SELECT count(*) FILTER (rule = 'false_referrer') > greatest(5, {spammed} * (
      (SELECT count(*) FROM verdicts) - count(*) FILTER (rule IN ('declared', 'library', 'monitor', 'tool'))
    ))
    FROM evidence
  ) AS "isSpammed"
