-- The read model for the API: an empty list of values means no restriction. Half-open: from ≤ period_start < to.
SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    sex,
    dimension,
    member,
    period_type,
    period_start,
    wave,
    value,
    lower95,
    upper95,
    lower998,
    upper998,
    numerator,
    denominator,
    denominator_kind,
    crude_value,
    respondents,
    effective_sample_size,
    unit,
    direction,
    method,
    status,
    suppressed,
    flags,
    revision,
    reason,
    computed_at
FROM vointi.indicators
WHERE (empty({indicator:Array(String)}) OR indicator IN {indicator:Array(String)})
    AND (empty({area:Array(String)}) OR area IN {area:Array(String)})
    AND (empty({age_scheme:Array(String)}) OR age_scheme IN {age_scheme:Array(String)})
    AND (empty({age_group:Array(String)}) OR age_group IN {age_group:Array(String)})
    AND (empty({sex:Array(String)}) OR sex IN {sex:Array(String)})
    AND (empty({dimension:Array(String)}) OR dimension IN {dimension:Array(String)})
    AND (empty({member:Array(String)}) OR member IN {member:Array(String)})
    AND (empty({period_type:Array(String)}) OR period_type IN {period_type:Array(String)})
    AND period_start >= toDate32({from:String})
    AND period_start < toDate32({to:String})
ORDER BY
    indicator,
    area,
    period_type,
    period_start,
    age_scheme,
    age_group,
    sex,
    dimension,
    member
