-- The names that no roll-up has any more.
DELETE FROM rolled_{name}_names
WHERE id NOT IN (SELECT DISTINCT id FROM rolled_{name} WHERE id IS NOT NULL)
