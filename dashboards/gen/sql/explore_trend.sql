-- The chosen line of the cube over time with its interval; repeated for each chosen area. A
-- period that is not over is only a provisional point.
SELECT
    period_start AS time,
    if({{running "period_type" "period_start"}}, NULL, value) AS `Value`,
    if({{running "period_type" "period_start"}}, NULL, lower95) AS `Lower 95 %`,
    if({{running "period_type" "period_start"}}, NULL, upper95) AS `Upper 95 %`,
    if(status = 'provisional', value, NULL) AS `Provisional`
FROM vointi.indicators
WHERE {{line}}
    AND area = ${area:singlequote}
    AND $__timeFilter(period_start)
ORDER BY time
