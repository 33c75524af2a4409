-- What is shown of an indicator's area totals, by month.
SELECT
    area,
    toInt32(period_start) AS start,
    ifNull(numerator, 0) AS n,
    suppressed = 'protected' AS protected,
    has(flags, 'short_history') AS short
FROM $state.publications FINAL
WHERE period_type = 'month' AND indicator = $indicator AND age_group = 'all' AND sex = 'all' AND dimension = ''
