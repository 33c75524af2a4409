-- The newest whole period that has ended, against the one before and the one a year earlier (seasons repeat, so the latter is
-- the fair comparison). Survey waves are compared with the wave before.
WITH
    {{covered}} AS covered_from,
    latest AS
    (
        SELECT *
        FROM vointi.indicators
        WHERE area = ${area:singlequote}
            AND age_scheme = ''
            AND age_group = 'all'
            AND sex = 'all'
            AND dimension = ''
            AND period_type IN (${trend_period:singlequote}, 'wave')
            AND NOT {{running "period_type" "period_start"}}
            AND (period_type = 'wave' OR period_start >= covered_from)
        ORDER BY
            indicator,
            period_start DESC
        LIMIT 1 BY indicator
    ),
    beside AS
    (
        SELECT
            k.indicator AS indicator,
            k.period_start AS period_start,
            k.wave AS wave,
            anyIf(k.text, k.comparator = 'previous') AS before,
            anyIf(k.text, k.comparator = 'same_period_last_year') AS last_year,
            anyIf(k.text, k.comparator = 'same_period_last_year_per_session') AS per_session
        FROM
        (
            SELECT
                k.indicator AS indicator,
                k.period_start AS period_start,
                k.wave AS wave,
                k.comparator AS comparator,
                {{said "k" "c.decimals"}} AS text
            FROM
        {{compared "k.age_scheme = '' AND k.age_group = 'all' AND k.sex = 'all' AND k.dimension = '' AND k.period_type IN (${trend_period:singlequote}, 'wave') AND k.comparator IN ('previous', 'same_period_last_year', 'same_period_last_year_per_session')"}} AS k
            INNER JOIN vointi.catalogue AS c ON c.id = k.indicator
        ) AS k
        GROUP BY
            indicator,
            period_start,
            wave
    )
SELECT
    c.name AS `Indicator`,
    {{period "l.period_type" "l.period_start" "l.wave"}} AS `Period`,
    {{figure "l" "c.decimals"}} AS `Figure`,
    {{interval "l" "c.decimals"}} AS `95 % interval`,
    {{n_text "l"}} AS `n`,
    coalesce(nullIf(b.before, ''), '–') AS `Period before`,
    coalesce(nullIf(b.last_year, ''), '–') AS `A year earlier`,
    coalesce(nullIf(b.per_session, ''), '–') AS `A year earlier, per session`,
    {{status "l"}} AS `Status`,
    {{method "l"}} AS `Method`,
    l.computed_at AS `Computed`
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
LEFT JOIN beside AS b ON b.indicator = l.indicator AND b.period_start = l.period_start AND b.wave = l.wave
ORDER BY
    c.headline DESC,
    `Indicator`
