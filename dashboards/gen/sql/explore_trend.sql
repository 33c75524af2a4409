-- The chosen line of the cube over time with its interval and its target, if the period is one that has targets; repeated for
-- each chosen area. A period that began before the area's figures did is left out, and one that is not over, or has too short
-- a history before it, is only a provisional point.
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
WHERE {{line_of "i"}}
    AND i.area = ${area:singlequote}
    AND (i.period_type = 'wave' OR i.period_start >= covered_from)
    AND $__timeFilter(i.period_start)
QUALIFY count(i.value) OVER () > 0 -- axes without a point would look broken: no rows show the panel's text
ORDER BY time
