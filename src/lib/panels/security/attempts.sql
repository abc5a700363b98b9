-- Requests that try to sign in: a WITH clause.
attempt AS (
  SELECT
    ip,
    as_org,
    time,
    status,
    -- WordPress answers a wrong password with the page again.
    status IN (401, 403, 429) OR (status = 200 AND form.id IS NOT NULL) AS has_failed,
    status IN (302, 303) AND form.id IS NOT NULL AS is_let_in
  FROM selected('{own}', '{period}') AS hits
  JOIN clients ON clients.client = hits.client
  JOIN (FROM {methods} WHERE value = 'POST') AS post ON post.key = method
  LEFT JOIN (
    SELECT id FROM words WHERE field = {path} AND regexp_matches(word, '{logins}')
  ) AS form ON form.id = hits.path
  WHERE form.id IS NOT NULL OR status = 401
)
