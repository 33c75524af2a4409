-- What is shown of an indicator's area totals, by month, quarter and year.
SELECT
    area,
    toString(period_type) AS type,
    toInt32(period_start) AS start,
    ifNull(numerator, 0) AS n,
    suppressed = 'protected' AS protected,
    has(flags, 'short_history') AS short
FROM $state.publications FINAL
WHERE period_type IN ('month', 'quarter', 'year') AND indicator = $indicator AND age_group = 'all' AND sex = 'all' AND dimension = ''
