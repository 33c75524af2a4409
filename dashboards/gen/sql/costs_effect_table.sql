-- The same as a table.
SELECT
    toString(period_start) AS `Period from`,
    multiIf(isNull(low) AND x < 0 AND value = 0, {{word "against_this"}}, x < 0, {{word "before_start"}}, {{word "since_start"}}) AS `When`,
    {{plain "value" "toUInt8(3)"}} AS `Effect`,
    {{points_range "p" "3"}} AS `95 % interval`,
    {{p "p.p"}} AS `p`
FROM vointi.estimate_points AS p
WHERE estimate_id = ${effect:singlequote}
    AND series = 'event_study'
ORDER BY p.position
