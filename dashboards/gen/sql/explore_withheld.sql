-- Final periods of the chosen indicator in which some rows of a breakdown lack data that came since, the newest first; a line that says so
-- if there are none.
WITH waiting AS
    (
        SELECT
            {{period "w.period_type" "w.period_start" "w.wave"}} AS period,
            multiIf(w.breakdown = 'total', {{word "totals"}}, w.breakdown = 'persons', {{word "age_and_sex"}}, replaceAll(toString(w.breakdown), '_', ' ')) AS breakdown,
            ifNull(toString(w.since), '–') AS since
        FROM vointi.withheld AS w
        WHERE w.indicator = ${indicator:singlequote}
        ORDER BY
            w.period_start DESC,
            breakdown
        LIMIT 200
    )
SELECT
    period AS `Period`,
    breakdown AS `Breakdown`,
    since AS `Waiting since`
FROM
(
    SELECT *
    FROM waiting
    UNION ALL
    SELECT
        {{word "none_withheld"}},
        '–',
        '–'
    WHERE (SELECT count() FROM waiting) = 0
)
