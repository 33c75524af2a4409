-- What the estimates rest on: each number once, with its range, where it is from, and whether it only stands in for one.
SELECT
    {{rests "input"}} AS `Input`,
    {{amount "of"}} AS `Value`,
    if(isNull(from) OR isNull(to) OR from = to, '', concat({{amount "from"}}, ' … ', {{amount "to"}})) AS `Range`,
    {{rests "in_unit"}} AS `Unit`,
    {{rests "in_source"}} AS `Source`,
    if(stand_in, {{word "placeholder"}}, '') AS `State`,
    count() AS `Estimates`
FROM vointi.estimates
ARRAY JOIN
    inputs.name AS input,
    inputs.value AS of,
    inputs.low AS from,
    inputs.high AS to,
    inputs.unit AS in_unit,
    inputs.source AS in_source,
    inputs.placeholder AS stand_in
WHERE programme = ${programme:singlequote}
GROUP BY
    input,
    of,
    from,
    to,
    in_unit,
    in_source,
    stand_in
ORDER BY
    stand_in DESC,
    input
