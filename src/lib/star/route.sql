-- A path, ids in it masked: twice, as one match takes the slash that the next begins with.
CREATE OR REPLACE TEMP MACRO masked_once(path) AS
  regexp_replace(path, '/(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|[0-9]+)(/|$)', '/:id\1', 'gi');

CREATE OR REPLACE TEMP MACRO route_of(path) AS masked_once(masked_once(path));
