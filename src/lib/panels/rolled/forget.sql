-- The texts of a tab that no roll-up has any more.
DELETE FROM words WHERE field = {texts} AND id NOT IN (SELECT id FROM rolled_{tab})
