-- Durations of long ranges are told by bins: whole milliseconds below 50, as most logs have them, are exact, all else is in
-- a bin 2 % wide and told within 1 %.
CREATE OR REPLACE TEMP MACRO latency_bin(duration) AS
  CASE
    WHEN duration < 50 AND duration = floor(duration) THEN duration::SMALLINT
    ELSE (1000 + round(51 * ln(duration)))::SMALLINT
  END;

CREATE OR REPLACE TEMP MACRO latency_of(bin) AS CASE WHEN bin < 50 THEN bin::DOUBLE ELSE exp((bin - 1000) / 51.0) END;

-- What quantile_cont() gives, of rows of a `ms` each: how many hits took it, or less, and how many there are.
CREATE OR REPLACE TEMP MACRO quantile_of(q, ms, within, hits) AS
  min(ms) FILTER (within > floor(q * (hits - 1)))
  + (min(ms) FILTER (within > ceil(q * (hits - 1))) - min(ms) FILTER (within > floor(q * (hits - 1))))
  * max(q * (hits - 1) - floor(q * (hits - 1)));
