-- What is tried, for whom, where, compared with what, and why nothing can be estimated if that is so.
SELECT
    line.1 AS `Item`,
    if(line.2 = '', '–', line.2) AS `Text`
FROM
(
    SELECT arrayJoin([
        ({{word "programme"}}, {{lang "name"}}),
        ({{word "for_whom"}}, {{lang "target_group"}}),
        ({{word "where"}}, {{areas "areas"}}),
        ({{word "compared_with"}}, {{areas "comparison_areas"}}),
        ({{word "from_day"}}, ifNull(toString(starts), '')),
        ({{word "to_day"}}, ifNull(toString(ends), '')),
        ({{word "phases"}}, arrayStringConcat(arrayMap((phase, starts, ends) -> concat(phase, ' ', toString(starts), ' … ', ifNull(toString(ends), '')), phase_names, phase_starts, phase_ends), '; ')),
        ({{word "funders"}}, arrayStringConcat(funders, ', ')),
        ({{word "whose_costs"}}, {{perspective "perspective"}}),
        ({{word "prices_of"}}, toString(price_year)),
        ({{word "discount_rate"}}, {{plain "100 * discount_rate" "1"}} || ' %'),
        ({{word "why_none"}}, {{refusal "refusal"}}),
        ({{word "computed"}}, toString(computed_at))
    ]) AS line
    FROM vointi.programmes
    WHERE programme = ${programme:singlequote}
)
