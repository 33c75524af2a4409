-- Period types of the chosen indicator, from long to short, since long ones hide least.
SELECT
    period_type AS id,
    replaceAll(period_type, '_', ' ') AS text
FROM vointi.indicators
WHERE indicator = ${indicator:singlequote}
GROUP BY period_type
ORDER BY indexOf(['quarter', 'year', 'month', 'rolling_12m', 'wave', 'week', 'day'], period_type)
