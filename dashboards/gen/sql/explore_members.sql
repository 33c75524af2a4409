-- All members of the chosen dimension in the newest period of the range that is over, the total last.
WITH newest AS
(
    SELECT max(period_start) AS starts
    FROM vointi.indicators
    WHERE indicator = ${indicator:singlequote}
        AND area = [${area:singlequote}][1]
        AND dimension = if(${dimension:singlequote} = 'none', '', ${dimension:singlequote})
        AND period_type = ${period_type:singlequote}
        AND $__timeFilter(period_start)
        AND NOT {{running "period_type" "period_start"}}
)
SELECT
    if(i.member = 'all', {{word "all"}}, replaceAll(i.member, '_', ' ')) AS `Member`,
    {{figure "i" "c.decimals"}} AS `Figure`,
    i.value AS `Bar`,
    {{interval "i" "c.decimals"}} AS `95 % interval`,
    {{n_text "i"}} AS `n`,
    {{period "i.period_type" "i.period_start" "i.wave"}} AS `Period`,
    {{status "i"}} AS `Status`,
    {{method "i"}} AS `Method`,
    i.computed_at AS `Computed`
FROM vointi.indicators AS i
INNER JOIN newest ON newest.starts = i.period_start
INNER JOIN vointi.catalogue AS c ON c.id = i.indicator
WHERE i.indicator = ${indicator:singlequote}
    AND i.area = [${area:singlequote}][1]
    AND i.age_group = 'all'
    AND i.sex = 'all'
    AND i.dimension IN ('', if(${dimension:singlequote} = 'none', '', ${dimension:singlequote}))
    AND i.period_type = ${period_type:singlequote}
ORDER BY
    i.member = 'all',
    i.value DESC NULLS LAST,
    i.member
