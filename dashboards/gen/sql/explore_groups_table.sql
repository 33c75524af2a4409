-- Table twin of the age groups: the newest period of each group, with its interval.
SELECT
    {{age "i.age_group"}} AS `Age group`,
    {{period "i.period_type" "i.period_start" "i.wave"}} AS `Period`,
    {{figure "i" "c.decimals"}} AS `Figure`,
    {{interval "i" "c.decimals"}} AS `95 % interval`,
    {{n_text "i"}} AS `n`,
    {{status "i"}} AS `Status`,
    {{method "i"}} AS `Method`,
    i.computed_at AS `Computed`
FROM vointi.indicators AS i
INNER JOIN vointi.catalogue AS c ON c.id = i.indicator
WHERE i.indicator = ${indicator:singlequote}
    AND i.area = [${area:singlequote}][1]
    AND i.age_scheme IN ('', ${age_scheme:singlequote})
    AND i.sex = ${sex:singlequote}
    AND i.dimension = ''
    AND i.period_type = ${period_type:singlequote}
    AND $__timeFilter(i.period_start)
ORDER BY
    {{age_order "i.age_group"}},
    i.period_start DESC
