-- What a unit cost, period by period, as published: one line for each measure.
SELECT
    assumeNotNull(p.period_start) AS time,
    {{measured "p.measure"}} AS unit,
    p.value AS value
FROM vointi.estimate_points AS p
WHERE p.programme = ${programme:singlequote}
    AND p.series = 'by_period'
    AND startsWith(p.measure, 'cost-per-')
    AND p.period_start IS NOT NULL
ORDER BY time
