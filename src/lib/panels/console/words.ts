/** Functions that completion offers; the engine knows more. */
export const functions: readonly string[] =
  `abs any_value approx_count_distinct approx_quantile arg_max arg_min avg bool_and
bool_or bucket ceil coalesce concat contains count count_if date_diff date_part date_trunc dayname dayofweek ends_with epoch
epoch_ms first floor format greatest hour ifnull isodow last lead lag least left length list list_distinct ln local_time log10
lower lpad max md5 median min minute mode monthname nullif ntile quantile_cont rank dense_rank regexp_extract regexp_matches
regexp_replace replace reverse right round row_number split_part starts_with stddev string_agg string_split strftime strpos
substring sum time_bucket to_days to_hours to_minutes to_seconds trim try_cast typeof unnest upper variance week
year`.split(/\s+/)

/** Words of the language that completion offers. */
export const keywords: readonly string[] =
  `SELECT FROM WHERE GROUP|BY GROUP|BY|ALL ORDER|BY HAVING LIMIT OFFSET DISTINCT AS AND OR
NOT IN IS|NULL IS|NOT|NULL LIKE ILIKE BETWEEN CASE WHEN THEN ELSE END JOIN LEFT|JOIN USING ON UNION|ALL WITH QUALIFY FILTER OVER
PARTITION|BY DESC ASC NULLS|LAST INTERVAL EXCLUDE REPLACE TRUE FALSE NULL EXISTS`
    .split(/\s+/)
    .map((word) => word.replaceAll('|', ' '))

/** Words that are colored beside those, and not offered. */
export const otherWords =
  'by group order left right full inner outer cross asof semi anti is union intersect except all nulls first last values cast window rows range pivot unpivot recursive lambda partition'

export const typeNames: readonly string[] =
  'varchar text integer bigint smallint tinyint ubigint uinteger double float decimal boolean timestamp date time blob'.split(
    ' '
  )
