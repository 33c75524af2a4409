-- The chosen line of the cube over time with its interval and its target, if the period is one that has targets; repeated for
-- each chosen area. A period that is not over is only a provisional point.
SELECT
    i.period_start AS time,
    if({{running "i.period_type" "i.period_start"}}, NULL, i.value) AS `Value`,
    if({{running "i.period_type" "i.period_start"}}, NULL, i.lower95) AS `Lower 95 %`,
    if({{running "i.period_type" "i.period_start"}}, NULL, i.upper95) AS `Upper 95 %`,
    if(i.status = 'provisional', i.value, NULL) AS `Provisional`,
    {{target "t"}} AS `Target`
FROM vointi.indicators AS i
LEFT JOIN {{targets "t" "i"}}
WHERE {{line_of "i"}}
    AND i.area = ${area:singlequote}
    AND $__timeFilter(i.period_start)
ORDER BY time
