-- A JSON value as text: a string without its quotes, anything else as it is written.
CREATE OR REPLACE TEMP MACRO text_of_json(json) AS
  CASE
    WHEN json = 'null' THEN NULL
    WHEN starts_with(json, '"') THEN
      replace(regexp_replace(replace(json[2:-2], '\\', chr(1)), '\\(["/])', '\1', 'g'), chr(1), '\')
    ELSE json
  END;
