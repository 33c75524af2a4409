-- Gaps between groups of people or activities in the newest period of the range, for the first chosen area: each group beside
-- the reference group of its breakdown (the whole, unless the catalogue fixes another).
WITH
    newest AS
    (
        SELECT max(period_start) AS starts
        FROM vointi.indicators
        WHERE indicator = ${indicator:singlequote}
            AND area = [${area:singlequote}][1]
            AND period_type = ${period_type:singlequote}
            AND $__timeFilter(period_start)
            AND NOT {{running "period_type" "period_start"}}
    ),
    gaps AS
    (
        SELECT
            k.age_group AS age_group,
            k.sex AS sex,
            k.member AS member,
            k.period_start AS period_start,
            k.wave AS wave,
            anyIf(k.reading, k.comparator = 'gap_abs') AS reading,
            anyIf(k.difference, k.comparator = 'gap_abs') AS absolute,
            anyIf(k.difference, k.comparator = 'gap_rel') AS relative,
            anyIf(k.p, k.comparator = 'gap_abs') AS p,
            anyIf(k.p_adjusted, k.comparator = 'gap_abs') AS p_adjusted,
            anyIf(k.note, k.comparator = 'gap_abs') AS note
        FROM
        (
            SELECT
                k.age_group AS age_group,
                k.sex AS sex,
                k.member AS member,
                k.period_start AS period_start,
                k.wave AS wave,
                k.comparator AS comparator,
                k.p AS p,
                k.p_adjusted AS p_adjusted,
                if(k.verdict = '', '', {{reason "k.reason"}}) AS note,
                {{reading "k"}} AS reading,
                {{difference "k" "c.decimals"}} AS difference
            FROM
            {{compared "k.indicator = ${indicator:singlequote} AND k.area = [${area:singlequote}][1] AND k.age_scheme IN ('', ${age_scheme:singlequote}) AND k.dimension IN ('', ${dimension:singlequote}) AND k.period_type = ${period_type:singlequote} AND k.comparator IN ('gap_abs', 'gap_rel')"}} AS k
            INNER JOIN vointi.catalogue AS c ON c.id = k.indicator
        ) AS k
        GROUP BY
            age_group,
            sex,
            member,
            period_start,
            wave
    )
SELECT
    {{age "i.age_group"}} AS `Age group`,
    multiIf(i.sex = 'all', {{word "all"}}, i.sex = '1', {{word "men"}}, i.sex = '2', {{word "women"}}, {{word "unknown"}}) AS `Sex`,
    if(i.member = 'all', {{word "all"}}, replaceAll(i.member, '_', ' ')) AS `Member`,
    {{figure "i" "c.decimals"}} AS `Figure`,
    {{interval "i" "c.decimals"}} AS `95 % interval`,
    {{n_text "i"}} AS `n`,
    coalesce(nullIf(g.reading, ''), '–') AS `Reading`,
    coalesce(nullIf(g.absolute, ''), '–') AS `Gap (95 % interval)`,
    coalesce(nullIf(g.relative, ''), '–') AS `Ratio (95 % interval)`,
    {{p "g.p"}} AS `p`,
    {{p "g.p_adjusted"}} AS `p adjusted`,
    coalesce(g.note, '') AS `Note`,
    {{period "i.period_type" "i.period_start" "i.wave"}} AS `Period`,
    {{status "i"}} AS `Status`,
    {{method "i"}} AS `Method`,
    i.computed_at AS `Computed`
FROM vointi.indicators AS i
INNER JOIN newest ON newest.starts = i.period_start
INNER JOIN vointi.catalogue AS c ON c.id = i.indicator
LEFT JOIN gaps AS g ON g.age_group = i.age_group AND g.sex = i.sex AND g.member = i.member AND g.period_start = i.period_start AND g.wave = i.wave
WHERE i.indicator = ${indicator:singlequote}
    AND i.area = [${area:singlequote}][1]
    AND i.age_scheme IN ('', ${age_scheme:singlequote})
    AND i.dimension IN ('', ${dimension:singlequote})
    AND i.period_type = ${period_type:singlequote}
ORDER BY
    i.member != 'all',
    {{age_order "i.age_group"}},
    i.sex != 'all',
    i.sex,
    i.member
