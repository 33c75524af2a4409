-- What the figures of one area and age scheme say beside others, as vointi.comparisons has it: of years and survey waves with
-- everything, of months and quarters with those a year earlier. Where the area's figures do not cover all of the period, or
-- of one that it is held beside, nothing is said but that.
WITH
    (
        SELECT min(period_start)
        FROM vointi.indicators
        WHERE area = {area:String}
            AND period_type = 'month'
            AND age_scheme = ''
            AND age_group = 'all'
            AND dimension = ''
    ) AS covered_from,
    k.period_type != 'wave' AND covered_from > multiIf(
        k.comparator IN ('previous', 'same_period_last_year', 'same_period_last_year_per_session'), addYears(k.period_start, -1),
        k.comparator = 'trend5', addYears(k.period_start, -4),
        k.period_start) AS incomplete
SELECT
    k.indicator AS indicator,
    k.age_group AS age_group,
    k.period_type AS period_type,
    k.period_start AS period_start,
    k.wave AS wave,
    k.comparator AS comparator,
    if(incomplete, NULL, k.difference) AS difference,
    if(incomplete, NULL, k.lower95) AS lower95,
    if(incomplete, NULL, k.upper95) AS upper95,
    k.unit AS unit,
    if(incomplete, '', k.verdict) AS verdict,
    if(incomplete AND k.reason = '', 'incomplete_period', k.reason) AS reason
FROM vointi.comparisons AS k
WHERE k.area = {area:String}
    AND k.age_scheme IN ('', {scheme:String})
    AND k.sex = 'all'
    AND k.dimension = ''
    AND (k.period_type IN ('year', 'wave')
        OR k.period_type IN ('month', 'quarter') AND k.age_group = 'all' AND k.comparator = 'same_period_last_year')
    AND k.period_start >= toDate32({begin:String})
    AND k.period_start < toDate32({end:String})
