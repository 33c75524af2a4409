-- All areas beside each other in the newest period of the range that any of them has, largest figure first.
WITH newest AS
(
    SELECT max(period_start) AS starts
    FROM vointi.indicators
    WHERE {{line}}
        AND $__timeFilter(period_start)
        AND value IS NOT NULL
)
SELECT
    a.name AS `Area`,
    a.area_level AS `Level`,
    {{figure "i" "c.decimals"}} AS `Figure`,
    i.value AS `Bar`,
    {{interval "i" "c.decimals"}} AS `95 % interval`,
    multiIf(
        i.area = 'SSS' OR i.unit = 'n', '', -- counts of areas of different size say nothing beside each other
        i.lower95 IS NULL OR s.lower95 IS NULL, {{word "no_interval"}},
        i.lower95 > s.upper95, concat('▲ ', {{word "above"}}),
        i.upper95 < s.lower95, concat('▼ ', {{word "below"}}),
        concat('● ', {{word "similar"}})) AS `Against the country`,
    {{n_text "i"}} AS `n`,
    {{period "i.period_type" "i.period_start" "i.wave"}} AS `Period`,
    {{status "i"}} AS `Status`
FROM vointi.indicators AS i
INNER JOIN newest ON newest.starts = i.period_start
INNER JOIN vointi.catalogue AS c ON c.id = i.indicator
LEFT JOIN
(
    SELECT
        period_start,
        lower95,
        upper95
    FROM vointi.indicators
    WHERE {{line}}
        AND area = 'SSS'
) AS s ON s.period_start = i.period_start
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
