-- All age groups of the scheme beside each other, for the first chosen area. The label is the group. Periods that
-- began before the area's figures did are left out.
WITH {{covered}} AS covered_from
SELECT
    period_start AS time,
    {{age "age_group"}} AS `group`,
    if({{running "period_type" "period_start"}}, NULL, value) AS `Value`
FROM vointi.indicators
WHERE indicator = ${indicator:singlequote}
    AND area IN (${area:singlequote})
    AND area = [${area:singlequote}][1]
    AND age_scheme IN ('', ${age_scheme:singlequote})
    AND sex = ${sex:singlequote}
    AND dimension = ''
    AND period_type = ${period_type:singlequote}
    AND (period_type = 'wave' OR period_start >= covered_from)
    AND $__timeFilter(period_start)
ORDER BY
    time,
    {{age_order "age_group"}}
