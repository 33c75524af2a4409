-- The same as a table, with the limits of each figure.
SELECT
    {{measured "p.measure"}} AS `Measure`,
    toString(p.period_start) AS `Period from`,
    {{euros "p.value"}} AS `Euros`,
    {{points_range "p" "2"}} AS `95 % interval`
FROM vointi.estimate_points AS p
WHERE p.programme = ${programme:singlequote}
    AND p.series = 'by_period'
    AND startsWith(p.measure, 'cost-per-')
ORDER BY
    `Measure`,
    p.period_start
