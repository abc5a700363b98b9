-- Deletes the texts of a measure that only deleted roll-ups had.
DELETE FROM words WHERE field = {texts} AND id NOT IN (SELECT value FROM rolled_{measure})
