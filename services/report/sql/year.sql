-- One area and age scheme: of every indicator and age group the newest two periods up to the end of a year (years, or
-- survey waves that began by then), newest first: the second is what the first is compared with.
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
LIMIT 2 BY
    indicator,
    age_group
