-- Goal × age group. Every goal shows every group of the scheme: a figure, or the word that says why there is none.
-- Key: one area, and per cell its newest two periods up to the chosen year (a year, or a survey wave that began in it),
-- so that the second is what the first is compared with.
WITH
    {{covered}} AS covered_from,
    periods AS
    (
        SELECT
            indicator,
            age_group,
            period_type,
            toYear(period_start) AS year,
            value,
            lower95,
            upper95,
            {{n}} AS n,
            status,
            suppressed,
            {{running "period_type" "period_start"}} AS running,
            period_type = 'year' AND period_start < covered_from AS partial,
            row_number() OVER (PARTITION BY indicator, age_group ORDER BY period_start DESC) AS nth
        FROM vointi.indicators
        WHERE area = ${area:singlequote}
            AND age_scheme IN ('', ${age_scheme:singlequote})
            AND sex = 'all'
            AND dimension = ''
            AND period_type IN ('year', 'wave')
            AND period_start < addYears(toDate(concat(${year:singlequote}, '-01-01')), 1)
    ),
    cells AS
    (
        SELECT
            p.indicator AS indicator,
            p.age_group AS age_group,
            anyIf(p.value, p.nth = 1) AS v,
            anyIf(p.lower95, p.nth = 1) AS lo,
            anyIf(p.upper95, p.nth = 1) AS hi,
            anyIf(p.n, p.nth = 1) AS n,
            anyIf(p.status, p.nth = 1) AS status,
            anyIf(p.suppressed, p.nth = 1) AS suppressed,
            anyIf(p.year, p.nth = 1) AS year,
            anyIf(p.running, p.nth = 1) AS running,
            anyIf(p.partial, p.nth = 1) AS partial,
            anyIf(p.partial, p.nth = 2) AS partial_before,
            anyIf(p.value, p.nth = 2) AS pv,
            anyIf(p.lower95, p.nth = 2) AS plo,
            anyIf(p.upper95, p.nth = 2) AS phi
        FROM periods AS p
        WHERE p.nth <= 2
        GROUP BY
            indicator,
            age_group
        HAVING anyIf(p.period_type, p.nth = 1) = 'wave' OR year = toUInt16(${year:singlequote})
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
            direction,
            decimals,
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
            direction,
            decimals,
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
        c.indicator = '', {{word "no_data"}},
        c.suppressed != '', {{word "protected"}},
        c.status = 'not_applicable', {{word "not_applicable"}},
        c.v IS NULL, {{word "no_data"}},
        concat(
            {{number "c.v" "l.unit" "l.decimals"}},
            if(c.lo IS NULL, concat(' · ', {{word "no_interval"}}), concat(' (', {{plain "c.lo" "l.decimals"}}, '–', {{number "c.hi" "l.unit" "l.decimals"}}, ')')),
            if(c.n IS NULL OR l.unit = 'n', '', concat(' · n ', {{whole "c.n"}})),
            multiIf(
                c.running, concat(' · ◌ ', {{word "running"}}),
                c.partial, concat(' · ◌ ', {{word "partial"}}),
                c.partial_before, concat(' · ◌ ', {{word "partial_before"}}),
                {{verdict "c.v" "c.lo" "c.hi" "c.pv" "c.plo" "c.phi" "l.direction"}}),
            if(c.year = toUInt16(${year:singlequote}), '', concat(' · ', toString(c.year))),
            if(c.status = 'provisional', concat(' · ', {{word "provisional"}}), ''))
    ) AS `Cell`
FROM lines AS l
CROSS JOIN groups AS g
LEFT JOIN cells AS c ON c.indicator = l.id AND c.age_group = g.age_group
ORDER BY
    l.goal_number,
    l.headline DESC,
    l.name,
    {{age_order "g.age_group"}}
