-- Whether a line has the text that is looked for. Each text of a field is read once.
(
  path IN (SELECT id FROM words WHERE field = {path} AND contains(lower(word), lower(getvariable('find'))))
  OR query IN (SELECT id FROM words WHERE field = {query} AND contains(lower(word), lower(getvariable('find'))))
  OR client IN (
    SELECT client
    FROM clients
    WHERE user_agent IN (SELECT id FROM words WHERE field = {user_agent} AND contains(lower(word), lower(getvariable('find'))))
  )
  OR coalesce(contains(lower(message), lower(getvariable('find'))), false)
)
