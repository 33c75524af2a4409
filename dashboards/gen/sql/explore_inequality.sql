-- How the chosen indicator differs along the deprivation of the areas within each chosen area: slope and relative index of
-- inequality, and concentration index, of years and rolling years in the range. An indicator without them says so.
SELECT
    if(k.area = '', '–', a.name) AS `Area`,
    if(k.area = '', '–', {{period "k.period_type" "k.period_start" "k.wave"}}) AS `Period`,
    {{comparator "measures.id"}} AS `Measure`,
    if(k.area = '', {{word "not_measured"}}, {{reading "k"}}) AS `Reading`,
    {{difference "k" "c.decimals"}} AS `Value (95 % interval)`,
    k.unit AS `Unit`,
    {{p "k.p"}} AS `p`,
    {{p "k.p_adjusted"}} AS `p adjusted`,
    if(k.area = '', NULL, k.computed_at) AS `Computed`
FROM
(
    SELECT arrayJoin(['sii', 'rii', 'concentration']) AS id
) AS measures
LEFT JOIN
(
    SELECT *
    FROM
    {{compared "k.indicator = ${indicator:singlequote} AND k.age_group = 'all' AND k.sex = 'all' AND k.dimension = '' AND k.comparator IN ('sii', 'rii', 'concentration')"}}
    WHERE $__timeFilter(period_start)
        AND reason != 'period_not_over'
) AS k ON k.comparator = measures.id
LEFT JOIN
(
    SELECT
        area,
        any({{lang "name"}}) AS name
    FROM vointi.areas
    GROUP BY area
) AS a ON a.area = k.area
LEFT JOIN vointi.catalogue AS c ON c.id = k.indicator
ORDER BY
    `Area`,
    k.period_type DESC,
    k.period_start DESC,
    {{rank "measures.id"}}
