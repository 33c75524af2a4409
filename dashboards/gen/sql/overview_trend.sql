-- One headline indicator over time for the whole of an area. A protected or missing period is NULL: a gap, never zero. A period
-- that began before the area's figures did is left out, and one that is not over is only a provisional point: a line to it would show a fall that is none.
WITH {{covered}} AS covered_from
SELECT
    period_start AS time,
    if({{running "period_type" "period_start"}}, NULL, value) AS `Value`,
    if({{running "period_type" "period_start"}}, NULL, lower95) AS `Lower 95 %`,
    if({{running "period_type" "period_start"}}, NULL, upper95) AS `Upper 95 %`,
    if(status = 'provisional', value, NULL) AS `Provisional`
FROM vointi.indicators
WHERE indicator = ${headline:singlequote}
    AND area = ${area:singlequote}
    AND age_scheme = ''
    AND age_group = 'all'
    AND sex = 'all'
    AND dimension = ''
    AND period_type IN (${trend_period:singlequote}, 'wave')
    AND (period_type = 'wave' OR period_start >= covered_from)
    AND $__timeFilter(period_start)
ORDER BY time
