-- How far the result moves when one input is at an end of its range and all others are at their base.
SELECT
    {{rests "label"}} AS `Input`,
    low - value AS `Input at its low end`,
    high - value AS `Input at its high end`
FROM vointi.estimate_points
WHERE estimate_id = ${result:singlequote}
    AND series = 'tornado'
ORDER BY position
