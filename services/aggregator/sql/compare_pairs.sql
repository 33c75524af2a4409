SELECT DISTINCT
    period_type,
    indicator
FROM
(
    SELECT period_type, indicator
    FROM $state.publications
    UNION ALL
    SELECT period_type, indicator
    FROM $state.comparisons
)
