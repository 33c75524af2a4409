-- The indicators and estimates behind the cells of the practice's matrix; what is linked to the practice as a whole stands last.
SELECT
    if(l.matrix_row = '', {{word "whole_practice"}}, {{matrix_row "l.matrix_row"}}) AS `For whom`,
    {{matrix_column "l.matrix_column"}} AS `Column`,
    multiIf(l.kind = 'estimate', if(e.estimate_id = '', l.id, {{estimated "e"}}), c.id = '', l.id, {{lang "c.name"}}) AS `What`,
    multiIf(
        l.kind = 'estimate', if(e.estimate_id = '', {{word "no_data"}}, {{estimate "e"}}),
        i.indicator = '', {{word "no_data"}},
        {{figure "i" "c.decimals"}}) AS `Figure`,
    if(l.kind = 'estimate', {{estimate_range "e"}}, {{interval "i" "c.decimals"}}) AS `95 % interval`,
    if(l.kind = 'estimate', e.unit, c.unit) AS `Unit`,
    if(l.kind = 'estimate', '–', {{n_text "i"}}) AS `n`,
    if(l.kind = 'estimate', concat(toString(e.from_day), ' – ', toString(e.to_day)), if(i.indicator = '', '', {{period "i.period_type" "i.period_start" "i.wave"}})) AS `Period`,
    if(l.kind = 'estimate', '–', if(i.indicator = '', {{word "no_data"}}, {{status "i"}})) AS `Status`,
    if(l.kind = 'estimate', e.method, i.method) AS `Method`,
    if(l.kind = 'estimate', {{cautions "e.flags"}}, {{flags "i.flags"}}) AS `To beware of`,
    nullIf(if(l.kind = 'estimate', e.computed_at, i.computed_at), toDateTime(0)) AS `Computed`
FROM vointi.practice_links AS l
LEFT JOIN vointi.estimates AS e ON l.kind = 'estimate' AND e.estimate_id = l.id
LEFT JOIN vointi.catalogue AS c ON c.id = if(l.kind = 'estimate', e.indicator, l.id)
LEFT JOIN
(
    SELECT *
    FROM vointi.indicators
    WHERE area = 'SSS'
        AND period_type IN ('year', 'wave')
        AND age_scheme = ''
        AND age_group = 'all'
        AND sex = 'all'
        AND dimension = ''
        AND value IS NOT NULL
        AND indicator IN
        (
            SELECT id
            FROM vointi.practice_links
        )
    ORDER BY period_start DESC
    LIMIT 1 BY indicator
) AS i ON l.kind = 'indicator' AND i.indicator = l.id
WHERE l.practice_id = ${practice:singlequote}
ORDER BY
    l.matrix_row = '',
    indexOf(['client', 'service', 'society'], l.matrix_row),
    indexOf(['problem', 'solution', 'results'], l.matrix_column),
    `What`
