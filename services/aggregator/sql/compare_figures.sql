-- What readers see of some indicators in some periods. Nobody is held beside people of unknown age or sex, and nothing
-- beside a lower bound, or beside what a panel changed, which readers do not see.
SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    sex,
    dimension,
    member,
    period_type,
    toInt32(period_start) AS start,
    wave,
    ifNull(value, nan) AS value,
    ifNull(lower95, nan) AS lower95,
    ifNull(upper95, nan) AS upper95,
    ifNull(lower998, nan) AS lower998,
    ifNull(upper998, nan) AS upper998,
    ifNull(numerator, nan) AS numerator,
    ifNull(denominator, nan) AS denominator,
    unit,
    direction,
    method,
    status = 'no_data' OR has(flags, 'short_history') AS empty,
    suppressed = 'protected' AS protected,
    has(flags, 'data_gap') AS gap
FROM $state.publications FINAL
WHERE ($where) AND age_group != 'unknown' AND sex != 'unknown' AND dimension != 'panel'
