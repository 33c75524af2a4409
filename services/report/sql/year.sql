-- One area and age scheme: of every indicator and age group the newest period up to the end of a year (a year, or a
-- survey wave that began by then).
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
    AND age_scheme IN ('', {scheme:String})
    AND sex = 'all'
    AND dimension = ''
    AND period_type IN ('year', 'wave')
    AND period_start < toDate32({end:String})
ORDER BY
    indicator,
    age_group,
    period_start DESC
LIMIT 1 BY
    indicator,
    age_group
