SELECT DISTINCT
    period_type,
    toInt32(period_start) AS start
FROM vointi_internal.facts_period
