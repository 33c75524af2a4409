-- The effect in each period against the last one before the start. Before the start there should be none.
SELECT
    assumeNotNull(period_start) AS time,
    if(x < 0, value, NULL) AS `Before the start`,
    if(x >= 0, value, NULL) AS `Since the start`,
    low AS `Lower 95 %`,
    high AS `Upper 95 %`
FROM vointi.estimate_points
WHERE estimate_id = ${effect:singlequote}
    AND series = 'event_study'
    AND period_start IS NOT NULL
ORDER BY time
