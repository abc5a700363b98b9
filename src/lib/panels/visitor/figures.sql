-- The figures of a subject under the filter: one row.
{hit}
SELECT
  count(*)::DOUBLE AS requests,
  count(DISTINCT visitor)::DOUBLE AS visitors,
  count(DISTINCT visit)::DOUBLE AS visits,
  count(*) FILTER (is_page_view)::DOUBLE AS pages,
  count(*) FILTER (is_probe)::DOUBLE AS probes,
  count(*) FILTER (is_attack AND is_answered)::DOUBLE AS answered,
  coalesce(sum(bytes), 0)::DOUBLE AS bytes,
  min(time) AS first,
  max(time) AS last
FROM hit
