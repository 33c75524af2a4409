-- What is compared, and of how many rows.
SELECT
    period_type,
    indicator,
    count() AS n
FROM
(
    SELECT period_type, indicator
    FROM $state.publications
    UNION ALL
    SELECT period_type, indicator
    FROM $state.comparisons
)
GROUP BY period_type, indicator
