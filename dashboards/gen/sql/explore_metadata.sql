-- What the chosen indicator means, so that no figure is met without its definition.
SELECT
    line.1 AS `Item`,
    line.2 AS `Text`
FROM
(
    SELECT arrayJoin([
        ('Name', {{lang "name"}}),
        ('Description', {{lang "description"}}),
        ('Numerator', {{lang "numerator"}}),
        ('Denominator', {{lang "denominator"}}),
        ('Unit', unit),
        ('Direction', multiIf(direction IN ('+'), 'higher is better', direction IN ('-', '−'), 'lower is better', 'neither direction is better')),
        ('Interval method', method),
        ('Area basis', area_basis),
        ('Waits for', if(empty(awaits), '–', arrayStringConcat(awaits, ', '))),
        ('Goals', arrayStringConcat(goals, ', ')),
        ('Caveats', {{lang "caveats"}})
    ]) AS line
    FROM vointi.catalogue
    WHERE id = ${indicator:singlequote}
)
