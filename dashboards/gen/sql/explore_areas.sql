-- All areas beside each other in the newest period of the range that is over, largest figure first.
WITH newest AS
(
    SELECT max(period_start) AS starts
    FROM vointi.indicators
    WHERE {{line}}
        AND $__timeFilter(period_start)
        AND value IS NOT NULL
        AND NOT {{running "period_type" "period_start"}}
)
SELECT
    a.name AS `Area`,
    a.area_level AS `Level`,
    {{figure "i" "c.decimals"}} AS `Figure`,
    i.value AS `Bar`,
    {{interval "i" "c.decimals"}} AS `95 % interval`,
    concat({{reading "k"}}, if(k.difference IS NULL, '', ' · '), {{difference "k" "c.decimals"}}) AS `Beside the country`,
    {{n_text "i"}} AS `n`,
    {{period "i.period_type" "i.period_start" "i.wave"}} AS `Period`,
    {{status "i"}} AS `Status`,
    {{method "i"}} AS `Method`,
    i.computed_at AS `Computed`
FROM vointi.indicators AS i
INNER JOIN newest ON newest.starts = i.period_start
INNER JOIN vointi.catalogue AS c ON c.id = i.indicator
LEFT JOIN
{{compared_everywhere (print (line_of "k") "\n    AND k.comparator = 'country'")}} AS k ON k.area = i.area AND k.period_start = i.period_start AND k.wave = i.wave
LEFT JOIN
(
    SELECT
        area,
        any(level) AS area_level,
        any({{lang "name"}}) AS name
    FROM vointi.areas
    GROUP BY area
) AS a ON a.area = i.area
WHERE {{line_of "i"}}
ORDER BY
    i.value DESC NULLS LAST,
    `Area`
