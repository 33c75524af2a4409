-- Every estimate of the programme, with its interval, what it is compared with, by what method, and what to beware of.
SELECT
    {{estimated "e"}} AS `What`,
    {{estimate "e"}} AS `Estimate`,
    {{estimate_range "e"}} AS `95 % interval or range`,
    {{p "e.p"}} AS `p`,
    e.unit AS `Unit`,
    if(e.comparator = '', {{word "nothing"}}, {{areas "splitByChar(',', e.comparator)"}}) AS `Compared with`,
    {{cautions "e.flags"}} AS `To beware of`,
    concat(toString(e.from_day), ' – ', toString(e.to_day)) AS `About`,
    {{perspective "e.perspective"}} AS `Whose costs`,
    e.price_year AS `Prices of`,
    if(e.discount_rate IS NULL, '–', {{plain "100 * e.discount_rate" "1"}} || ' %') AS `Discounted by`,
    if(e.draws = 0, '–', concat({{whole "e.draws"}}, ' (', toString(e.seed), ')')) AS `Draws (seed)`,
    e.method AS `Method`,
    e.computed_at AS `Computed`
FROM vointi.estimates AS e
LEFT JOIN vointi.catalogue AS c ON c.id = e.indicator
WHERE e.programme = ${programme:singlequote}
ORDER BY
    {{rank_of_estimates "e.measure"}},
    e.indicator,
    e.service,
    e.discount_rate
