-- What is tried, for whom, where, compared with what, and why nothing can be estimated if that is so.
SELECT
    line.1 AS `Item`,
    if(line.2 = '', '–', line.2) AS `Text`
FROM
(
    SELECT arrayJoin([
        ('Programme', {{lang "name"}}),
        ('For whom', {{lang "target_group"}}),
        ('Where', {{areas "areas"}}),
        ('Compared with', {{areas "comparison_areas"}}),
        ('From', ifNull(toString(starts), '')),
        ('To', ifNull(toString(ends), '')),
        ('Phases', arrayStringConcat(arrayMap((phase, starts, ends) -> concat(phase, ' ', toString(starts), ' … ', ifNull(toString(ends), '')), phase_names, phase_starts, phase_ends), '; ')),
        ('Funders', arrayStringConcat(funders, ', ')),
        ('Whose costs count', {{perspective "perspective"}}),
        ('Prices of', toString(price_year)),
        ('Discount rate', {{plain "100 * discount_rate" "1"}} || ' %'),
        ('Why there are no estimates', {{refusal "refusal"}}),
        ('Computed', toString(computed_at))
    ]) AS line
    FROM vointi.programmes
    WHERE programme = ${programme:singlequote}
)
