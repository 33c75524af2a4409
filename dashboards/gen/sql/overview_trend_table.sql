-- Table twin of the headline trends: every point that they draw, and those that they cannot.
SELECT
    c.name AS `Indicator`,
    {{period "i.period_type" "i.period_start" "i.wave"}} AS `Period`,
    {{figure "i" "c.decimals"}} AS `Figure`,
    {{interval "i" "c.decimals"}} AS `95 % interval`,
    {{n_text "i"}} AS `n`,
    {{target_text "t" "i" "c.decimals"}} AS `Target`,
    {{method "i"}} AS `Method`,
    {{status "i"}} AS `Status`,
    i.computed_at AS `Computed`
FROM vointi.indicators AS i
INNER JOIN
(
    SELECT
        id,
        concat({{lang "name"}}, ' (', unit, ')') AS name,
        decimals
    FROM vointi.catalogue
    WHERE headline
) AS c ON c.id = i.indicator
LEFT JOIN {{targets "t" "i"}}
WHERE i.indicator IN (${headline:singlequote})
    AND i.area = ${area:singlequote}
    AND i.age_scheme = ''
    AND i.age_group = 'all'
    AND i.sex = 'all'
    AND i.dimension = ''
    AND i.period_type IN (${trend_period:singlequote}, 'wave')
    AND $__timeFilter(i.period_start)
ORDER BY
    `Indicator`,
    i.period_start DESC
