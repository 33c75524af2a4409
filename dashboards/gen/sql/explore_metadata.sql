-- What the chosen indicator means, so that no figure is met without its definition.
SELECT
    line.1 AS `Item`,
    line.2 AS `Text`
FROM
(
    SELECT arrayJoin([
        ({{word "name"}}, {{lang "name"}}),
        ({{word "description"}}, {{lang "description"}}),
        ({{word "numerator"}}, {{lang "numerator"}}),
        ({{word "denominator"}}, {{lang "denominator"}}),
        ({{word "unit"}}, unit),
        ({{word "direction"}}, multiIf(direction IN ('+'), {{word "higher"}}, direction IN ('-', '−'), {{word "lower"}}, {{word "neither"}})),
        ({{word "method"}}, method),
        ({{word "area_basis"}}, if(area_basis = 'residence', {{word "residence"}}, {{word "venue"}})),
        ({{word "awaits"}}, if(empty(awaits), '–', arrayStringConcat(awaits, ', '))),
        ({{word "goals"}}, arrayStringConcat(goals, ', ')),
        ({{word "caveats"}}, {{lang "caveats"}})
    ]) AS line
    FROM vointi.catalogue
    WHERE id = ${indicator:singlequote}
)
