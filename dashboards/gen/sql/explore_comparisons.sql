-- The chosen line of the cube beside everything that it is held beside, for each chosen area and period: difference with its
-- 95 % interval, p and p adjusted for the size of its table, and the verdict, or the reason why there is none.
SELECT
    a.name AS `Area`,
    {{period "k.period_type" "k.period_start" "k.wave"}} AS `Period`,
    {{comparator "k.comparator"}} AS `Beside`,
    {{reading "k"}} AS `Reading`,
    {{difference "k" "c.decimals"}} AS `Difference (95 % interval)`,
    k.unit AS `Unit`,
    {{p "k.p"}} AS `p`,
    {{p "k.p_adjusted"}} AS `p adjusted`,
    if(k.verdict = '' OR k.comparator = 'trend5' OR k.reason = '', '', {{reason "k.reason"}}) AS `Note`,
    {{figure "i" "c.decimals"}} AS `Figure`,
    {{interval "i" "c.decimals"}} AS `95 % interval`,
    {{n_text "i"}} AS `n`,
    {{status "i"}} AS `Status`,
    {{method "i"}} AS `Method`,
    k.computed_at AS `Computed`
FROM
{{compared (line_of "k")}} AS k
INNER JOIN vointi.catalogue AS c ON c.id = k.indicator
LEFT JOIN
(
    SELECT *
    FROM vointi.indicators
    WHERE {{line}}
        AND area IN (${area:singlequote})
) AS i ON i.area = k.area AND i.period_start = k.period_start AND i.wave = k.wave
LEFT JOIN
(
    SELECT
        area,
        any({{lang "name"}}) AS name
    FROM vointi.areas
    GROUP BY area
) AS a ON a.area = k.area
WHERE $__timeFilter(k.period_start)
ORDER BY
    `Area`,
    k.period_start DESC,
    {{rank "k.comparator"}}
