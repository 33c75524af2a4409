-- What is to be reached by the end of a year, counted from a month on.
SELECT
    area,
    year,
    toInt32(assumeNotNull(starts)) AS begins,
    value
FROM vointi.targets
WHERE indicator = $indicator AND age_group = 'all' AND isNotNull(starts)
