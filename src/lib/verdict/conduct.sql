-- What each visitor that is to be judged did: one row a visitor.
CREATE OR REPLACE TEMP TABLE conduct AS
{hit}
SELECT
  visitor,
  any_value(client) AS client,
  bool_or(is_bot) AS is_bot,
  min(time) AS first,
  epoch_ms(max(time)) - epoch_ms(min(time)) AS length,
  count(DISTINCT path) FILTER (is_page_view) AS paths,
  {signs}
FROM hit
GROUP BY visitor
