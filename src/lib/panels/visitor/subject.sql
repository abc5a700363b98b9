-- SQL that is true for the hits of a visitor, and for those of its other days: they have its address and its agent. If the
-- site cuts or drops addresses, nothing tells that two visitors of two days are one.
(
  visitor = (SELECT visitor FROM visitors WHERE hash = TRY_CAST(getvariable('visitor') AS UBIGINT))
  OR client IN (
    SELECT other.client
    FROM clients AS own
    JOIN clients AS other
      ON other.ip = own.ip AND other.client_name = own.client_name AND other.user_agent = own.user_agent
    WHERE (own.ip > 0 OR own.client_name > 0)
      AND own.client IN (
        SELECT client
        FROM hits
        WHERE visitor = (SELECT visitor FROM visitors WHERE hash = TRY_CAST(getvariable('visitor') AS UBIGINT))
          AND flags NOT IN (SELECT id FROM words WHERE field = {flags} AND contains(word, 'ip_truncated'))
      )
  )
)
