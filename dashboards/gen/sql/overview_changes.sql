-- The newest whole period that has ended, against the one before and the one a year earlier (seasons repeat, so the latter is
-- the fair comparison). Survey waves are compared with the wave before.
WITH
    {{covered}} AS covered_from,
    ended AS
    (
        SELECT
            indicator,
            period_type,
            period_start,
            wave,
            unit,
            direction,
            value,
            lower95,
            upper95,
            status,
            suppressed,
            row_number() OVER (PARTITION BY indicator ORDER BY period_start DESC) AS nth
        FROM vointi.indicators
        WHERE area = ${area:singlequote}
            AND age_scheme = ''
            AND age_group = 'all'
            AND sex = 'all'
            AND dimension = ''
            AND period_type IN (${trend_period:singlequote}, 'wave')
            AND NOT {{running "period_type" "period_start"}}
            AND (period_type = 'wave' OR period_start >= covered_from)
    ),
    latest AS
    (
        SELECT *
        FROM ended
        WHERE nth = 1
    ),
    before AS
    (
        SELECT *
        FROM ended
        WHERE nth = 2
    )
SELECT
    c.name AS `Indicator`,
    {{period "l.period_type" "l.period_start" "l.wave"}} AS `Period`,
    {{figure "l" "c.decimals"}} AS `Figure`,
    {{interval "l" "c.decimals"}} AS `95 % interval`,
    {{figure "b" "c.decimals"}} AS `Period before`,
    {{change "l" "b" "c.decimals"}} AS `Change`,
    trimLeft({{verdict "l.value" "l.lower95" "l.upper95" "b.value" "b.lower95" "b.upper95" "l.direction"}}, ' ·') AS `Reading`,
    if(l.period_type = 'wave', '–', {{figure "y" "c.decimals"}}) AS `Year earlier`,
    if(l.period_type = 'wave', '–', {{change "l" "y" "c.decimals"}}) AS `Change on year`,
    if(l.period_type = 'wave', '–', trimLeft({{verdict "l.value" "l.lower95" "l.upper95" "y.value" "y.lower95" "y.upper95" "l.direction"}}, ' ·')) AS `Reading on year`,
    {{status "l"}} AS `Status`
FROM latest AS l
INNER JOIN
(
    SELECT
        id,
        concat({{lang "name"}}, ' (', unit, ')') AS name,
        headline,
        decimals
    FROM vointi.catalogue
) AS c ON c.id = l.indicator
LEFT JOIN before AS b ON b.indicator = l.indicator
LEFT JOIN ended AS y ON y.indicator = l.indicator AND y.period_type = l.period_type AND y.period_start = addYears(l.period_start, -1)
ORDER BY
    c.headline DESC,
    c.name
