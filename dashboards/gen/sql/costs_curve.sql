-- How probable it is that the effect is worth what it costs, by what a unit of it may cost.
SELECT
    x AS `A unit may cost (€)`,
    value AS `Probability that it pays`
FROM vointi.estimate_points
WHERE estimate_id = ${curve:singlequote}
    AND series = 'acceptability'
ORDER BY x
