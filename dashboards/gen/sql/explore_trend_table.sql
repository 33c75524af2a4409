-- Table twin of the trend: every point with n, interval, method, status and age.
SELECT
    a.name AS `Area`,
    {{period "i.period_type" "i.period_start" "i.wave"}} AS `Period`,
    {{figure "i" "c.decimals"}} AS `Figure`,
    {{interval "i" "c.decimals"}} AS `95 % interval`,
    {{n_text "i"}} AS `n`,
    {{target_text "t" "i" "c.decimals"}} AS `Target`,
    i.effective_sample_size AS `Effective n`,
    {{method "i"}} AS `Method`,
    {{status "i"}} AS `Status`,
    {{flags "i.flags"}} AS `Flags`,
    i.revision AS `Revision`,
    i.computed_at AS `Computed`
FROM vointi.indicators AS i
INNER JOIN vointi.catalogue AS c ON c.id = i.indicator
LEFT JOIN
(
    SELECT
        area,
        any({{lang "name"}}) AS name
    FROM vointi.areas
    GROUP BY area
) AS a ON a.area = i.area
LEFT JOIN {{targets "t" "i"}}
WHERE {{line_of "i"}}
    AND i.area IN (${area:singlequote})
    AND $__timeFilter(i.period_start)
ORDER BY
    `Area`,
    i.period_start DESC
