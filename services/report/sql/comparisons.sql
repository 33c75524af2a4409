-- What the figures of one area and age scheme say beside others, as vointi.comparisons has it: of years and survey waves with
-- everything, of months and quarters with those a year earlier.
SELECT
    indicator,
    age_group,
    period_type,
    period_start,
    wave,
    comparator,
    difference,
    lower95,
    upper95,
    unit,
    verdict,
    reason
FROM vointi.comparisons
WHERE area = {area:String}
    AND age_scheme IN ('', {scheme:String})
    AND sex = 'all'
    AND dimension = ''
    AND (period_type IN ('year', 'wave')
        OR period_type IN ('month', 'quarter') AND age_group = 'all' AND comparator = 'same_period_last_year')
    AND period_start >= toDate32({begin:String})
    AND period_start < toDate32({end:String})
