SELECT
    period_type,
    count() AS n
FROM $state.withheld FINAL
GROUP BY period_type
