-- The same as a table, and the result with all inputs at once at the ends that make it lower, or higher.
SELECT
    if(p.position = 1000, {{word "all_inputs"}}, {{rests "p.label"}}) AS `Input`,
    if(p.input_low IS NULL, '', concat({{amount "p.input_low"}}, ' … ', {{amount "p.input_high"}}, ' ', {{rests "p.input_unit"}})) AS `Range`,
    {{amount "p.low"}} AS `Result at the low end`,
    {{amount "p.value"}} AS `Result at the base`,
    {{amount "p.high"}} AS `Result at the high end`
FROM
(
    SELECT
        position,
        label,
        input_unit,
        input_low,
        input_high,
        low,
        value,
        high
    FROM vointi.estimate_points
    WHERE estimate_id = ${result:singlequote}
        AND series = 'tornado'
    UNION ALL
    SELECT
        toUInt16(1000) AS position,
        '' AS label,
        '' AS input_unit,
        NULL AS input_low,
        NULL AS input_high,
        maxIf(point.value, point.label = 'low') AS low,
        maxIf(point.value, point.label = 'base') AS value,
        maxIf(point.value, point.label = 'high') AS high
    FROM vointi.estimate_points AS point
    WHERE point.estimate_id = ${result:singlequote}
        AND point.series = 'scenario'
    HAVING count() > 0
) AS p
ORDER BY p.position
