-- Goal × age group. Every goal shows every group of the scheme: a figure, or the word that says why there is none.
-- Key: one area, and per cell its newest period up to the chosen year (a year, or a survey wave that began in it), beside the
-- period before and its target as vointi.comparisons has them.
WITH
    {{covered}} AS covered_from,
    cells AS
    (
        SELECT
            indicator,
            age_scheme,
            age_group,
            period_type,
            period_start,
            wave,
            toYear(period_start) AS year,
            value,
            lower95,
            upper95,
            {{n}} AS n,
            status,
            suppressed,
            has(flags, 'short_history') AS short,
            has(flags, 'data_gap') AS gap,
            {{running "period_type" "period_start"}} AS running,
            period_type = 'year' AND period_start < covered_from AS partial
        FROM vointi.indicators
        WHERE area = ${area:singlequote}
            AND age_scheme IN ('', ${age_scheme:singlequote})
            AND sex = 'all'
            AND dimension = ''
            AND period_type IN ('year', 'wave')
            AND period_start < addYears(toDate(concat(${year:singlequote}, '-01-01')), 1)
        ORDER BY
            indicator,
            age_group,
            period_start DESC
        LIMIT 1 BY
            indicator,
            age_group
    ),
    beside AS
    (
        SELECT
            k.indicator AS indicator,
            k.age_group AS age_group,
            k.period_type AS period_type,
            k.period_start AS period_start,
            k.wave AS wave,
            anyIf(k.text, k.comparator = 'previous') AS before,
            anyIf(k.text, k.comparator = 'target' AND k.verdict != '') AS target
        FROM
        (
            SELECT
                k.indicator AS indicator,
                k.age_group AS age_group,
                k.period_type AS period_type,
                k.period_start AS period_start,
                k.wave AS wave,
                k.comparator AS comparator,
                k.verdict AS verdict,
                {{reading "k"}} AS text
            FROM
            {{compared "k.age_scheme IN ('', ${age_scheme:singlequote}) AND k.sex = 'all' AND k.dimension = '' AND k.period_type IN ('year', 'wave') AND k.comparator IN ('previous', 'target')"}} AS k
        ) AS k
        GROUP BY
            indicator,
            age_group,
            period_type,
            period_start,
            wave
    ),
    groups AS
    (
        SELECT age_group
        FROM vointi.indicators
        WHERE age_scheme IN ('', ${age_scheme:singlequote})
            AND area = ${area:singlequote}
            AND period_type IN ('year', 'wave')
        GROUP BY age_group
    ),
    measured AS
    (
        SELECT
            id,
            arrayJoin(goals) AS goal,
            {{lang "name"}} AS name,
            headline,
            unit,
            decimals,
            notEmpty(awaits) AS waits,
            has(awaits, 'vointi.estimates') AS estimated,
            has(breakdowns, 'age_group') AS by_age
        FROM vointi.catalogue
    ),
    lines AS
    (
        SELECT
            all_goals.goal.1 AS goal_number,
            all_goals.goal.2 AS goal_name,
            id,
            name,
            headline,
            unit,
            decimals,
            waits,
            estimated,
            by_age
        FROM
        (
            SELECT arrayJoin([
                {{goals}}
            ]) AS goal
        ) AS all_goals
        LEFT JOIN measured ON measured.goal = concat('G', toString(all_goals.goal.1))
    )
SELECT
    concat('G', toString(l.goal_number), ' ', l.goal_name, ' · ', if(l.id = '', {{word "no_indicator"}}, concat(l.name, ' (', l.unit, ')'))) AS `Goal and indicator`,
    {{age "g.age_group"}} AS `Age group`,
    multiIf(
        l.id = '', '–',
        c.indicator = '' AND (NOT l.by_age AND g.age_group != 'all' OR g.age_group = 'unknown'), {{word "not_applicable"}},
        l.estimated, {{word "by_programme"}},
        l.waits, concat({{word "no_data"}}, ': ', {{word "not_collected"}}),
        c.indicator = '', {{word "no_data"}},
        c.suppressed != '', {{word "protected"}},
        c.status = 'not_applicable', {{word "not_applicable"}},
        c.value IS NULL, concat({{word "no_data"}}, multiIf(c.short, concat(': ', {{word "short_history"}}), c.gap, concat(': ', {{word "data_gap"}}), '')),
        concat(
            {{number "c.value" "l.unit" "l.decimals"}},
            if(c.lower95 IS NULL, concat(' · ', {{word "no_interval"}}), concat(' (', {{plain "c.lower95" "l.decimals"}}, '–', {{number "c.upper95" "l.unit" "l.decimals"}}, ')')),
            if(c.n IS NULL OR l.unit = 'n', '', concat(' · n ', {{whole "c.n"}})),
            multiIf(
                b.before != '', concat(' · ', b.before),
                c.running, concat(' · ◌ ', {{word "running"}}),
                ''),
            if(b.target = '', '', concat(' · ', {{word "target"}}, ': ', b.target)),
            multiIf(c.short, concat(' · ', {{word "short_history"}}), c.gap, concat(' · ', {{word "data_gap"}}), c.partial, concat(' · ', {{word "partial"}}), ''),
            if(c.year = toUInt16(${year:singlequote}), '', concat(' · ', toString(c.year))),
            if(c.status = 'provisional', concat(' · ', {{word "provisional"}}), ''))
    ) AS `Cell`
FROM lines AS l
CROSS JOIN groups AS g
LEFT JOIN
(
    SELECT *
    FROM cells
    WHERE period_type = 'wave' OR year = toUInt16(${year:singlequote})
) AS c ON c.indicator = l.id AND c.age_group = g.age_group
LEFT JOIN beside AS b ON b.indicator = c.indicator AND b.age_group = c.age_group AND b.period_type = c.period_type AND b.period_start = c.period_start AND b.wave = c.wave
ORDER BY
    l.goal_number,
    l.headline DESC,
    l.name,
    {{age_order "g.age_group"}}
