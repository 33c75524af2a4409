-- Each indicator of the chosen year (or of the newest survey wave up to it) for the whole area, beside a year earlier, its own
-- target, the mother area, similar municipalities and the country, and its trend: what vointi.comparisons says of it.
WITH
    figures AS
    (
        SELECT *
        FROM vointi.indicators
        WHERE area = ${area:singlequote}
            AND age_scheme = ''
            AND age_group = 'all'
            AND sex = 'all'
            AND dimension = ''
            AND period_type IN ('year', 'wave')
            AND period_start < addYears(toDate(concat(${year:singlequote}, '-01-01')), 1)
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
            anyIf(k.text, k.comparator = if(k.period_type = 'wave', 'previous', 'same_period_last_year')) AS last_year,
            anyIf(k.text, k.comparator = 'target') AS target,
            anyIf(k.text, k.comparator = 'parent') AS parent,
            anyIf(k.text, k.comparator = 'similar') AS similar,
            anyIf(k.text, k.comparator = 'country') AS country,
            anyIf(k.text, k.comparator = 'trend5') AS trend
        FROM
        (
            SELECT
                k.indicator AS indicator,
                k.period_type AS period_type,
                k.period_start AS period_start,
                k.wave AS wave,
                k.comparator AS comparator,
                {{said "k" "c.decimals"}} AS text
            FROM
        {{compared "k.age_scheme = '' AND k.age_group = 'all' AND k.sex = 'all' AND k.dimension = '' AND k.period_type IN ('year', 'wave')"}} AS k
            INNER JOIN vointi.catalogue AS c ON c.id = k.indicator
        ) AS k
        GROUP BY
            indicator,
            period_start,
            wave
    )
SELECT
    c.name AS `Indicator`,
    {{figure "f" "c.decimals"}} AS `Figure`,
    {{interval "f" "c.decimals"}} AS `95 % interval`,
    {{n_text "f"}} AS `n`,
    coalesce(nullIf(b.last_year, ''), '–') AS `A year earlier`,
    coalesce(nullIf(b.target, ''), '–') AS `Own target`,
    coalesce(nullIf(b.parent, ''), '–') AS `County or region`,
    coalesce(nullIf(b.similar, ''), '–') AS `Similar municipalities`,
    coalesce(nullIf(b.country, ''), '–') AS `Whole country`,
    coalesce(nullIf(b.trend, ''), '–') AS `Trend of five years`,
    {{period "f.period_type" "f.period_start" "f.wave"}} AS `Period`,
    {{status "f"}} AS `Status`,
    {{method "f"}} AS `Method`,
    f.computed_at AS `Computed`
FROM figures AS f
INNER JOIN
(
    SELECT
        id,
        concat({{lang "name"}}, ' (', unit, ')') AS name,
        headline,
        decimals
    FROM vointi.catalogue
) AS c ON c.id = f.indicator
LEFT JOIN beside AS b ON b.indicator = f.indicator AND b.period_start = f.period_start AND b.wave = f.wave
WHERE f.period_type = 'wave' OR toYear(f.period_start) = toUInt16(${year:singlequote})
ORDER BY
    c.headline DESC,
    `Indicator`
