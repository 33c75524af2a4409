-- One area as a whole: every indicator over time, oldest first, in all the period types that a chart may use.
SELECT
    indicator,
    age_group,
    period_type,
    period_start,
    wave,
    value,
    lower95,
    upper95,
    numerator,
    denominator,
    respondents,
    status,
    suppressed,
    flags,
    computed_at
FROM vointi.indicators
WHERE area = {area:String}
    AND age_scheme = ''
    AND age_group = 'all'
    AND sex = 'all'
    AND dimension = ''
    AND period_type IN ('month', 'quarter', 'year', 'wave')
    AND period_start >= toDate32({begin:String})
    AND period_start < toDate32({end:String})
ORDER BY
    indicator,
    period_type,
    period_start
