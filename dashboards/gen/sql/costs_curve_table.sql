-- The same as a table.
SELECT
    {{euros "x"}} AS `A unit may cost`,
    {{plain "100 * value" "toUInt8(1)"}} || ' %' AS `Probability that it pays`
FROM vointi.estimate_points
WHERE estimate_id = ${curve:singlequote}
    AND series = 'acceptability'
ORDER BY x
