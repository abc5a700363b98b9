-- The owner's word holds, the last one. Else what speaks for a machine must outweigh what speaks for a person. Then what is suspicious gives the name, unless the
-- operator of the machine is known for sure; and of that what weighs most.
DELETE FROM evidence WHERE visitor IN (SELECT visitor FROM judged);

INSERT INTO evidence
{evidence};

DELETE FROM verdicts WHERE visitor IN (SELECT visitor FROM judged);

INSERT INTO verdicts
WITH rule (rule, kind, class) AS (VALUES {rules}),
weighed AS (
  SELECT
    visitor,
    coalesce(sum(weight), 0) AS total,
    coalesce(sum(weight) FILTER (class = {suspicious}), 0) >= {enough}
      AND NOT coalesce(bool_or(kind IN ('signed', 'verified') AND weight > 0), false) AS is_suspicious,
    arg_max(kind, abs(weight)) FILTER (starts_with(rule, {decided})) AS decided,
    arg_max(class, abs(weight)) FILTER (starts_with(rule, {decided})) AS decided_class,
    arg_max(kind, weight) FILTER (class = {suspicious}) AS suspect,
    arg_max(kind, weight) FILTER (class = {bots}) AS bot
  FROM judged
  LEFT JOIN evidence USING (visitor)
  LEFT JOIN rule USING (rule)
  GROUP BY visitor
)
SELECT
  visitor,
  CASE
    WHEN decided IS NOT NULL THEN decided_class
    WHEN total < {enough} THEN {people} WHEN is_suspicious THEN {suspicious} ELSE {bots} END,
  CASE WHEN decided IS NOT NULL THEN decided WHEN total < {enough} THEN 'person' WHEN is_suspicious THEN suspect ELSE coalesce(bot, 'detected') END
FROM weighed;

UPDATE hits
SET class = verdicts.class
FROM verdicts
WHERE verdicts.visitor = hits.visitor
  AND verdicts.class <> hits.class
  AND hits.visitor IN (SELECT visitor FROM judged)
  AND {of_days};

DROP TABLE seen;

DROP TABLE posing;

DROP TABLE conduct;

DROP TABLE judged
