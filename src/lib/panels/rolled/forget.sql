-- Deletes the texts of a tab that only deleted roll-ups had.
DELETE FROM words WHERE field = {texts} AND id NOT IN (SELECT id FROM rolled_{tab})
