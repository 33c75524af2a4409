-- One headline indicator over time for the whole of an area, with its target where the period is a year or a survey wave. A
-- protected or missing period is NULL: a gap, never zero. A period that began before the area's figures did is left out, and one
-- that is not over, or has too short a history before it, is only a provisional point: a line to it would show a fall that is
-- none.
WITH {{covered}} AS covered_from
SELECT
    i.period_start AS time,
    if({{pending "i"}}, NULL, i.value) AS `Value`,
    if({{pending "i"}}, NULL, i.lower95) AS `Lower 95 %`,
    if({{pending "i"}}, NULL, i.upper95) AS `Upper 95 %`,
    if(i.status = 'provisional', i.value, NULL) AS `Provisional`,
    {{target "t"}} AS `Target`
FROM vointi.indicators AS i
LEFT JOIN {{targets "t" "i"}}
WHERE i.indicator = ${headline:singlequote}
    AND i.area = ${area:singlequote}
    AND i.age_scheme = ''
    AND i.age_group = 'all'
    AND i.sex = 'all'
    AND i.dimension = ''
    AND i.period_type IN (${trend_period:singlequote}, 'wave')
    AND (i.period_type = 'wave' OR i.period_start >= covered_from)
    AND $__timeFilter(i.period_start)
QUALIFY count(i.value) OVER () > 0 -- axes without a point would look broken: no rows show the panel's text
ORDER BY time
