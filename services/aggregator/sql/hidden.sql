-- Rows that are hidden, and those that are withheld, which is more.
SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    sex,
    dimension,
    member,
    period_type,
    toInt32(period_start) AS start
FROM $state.publications FINAL
WHERE suppressed = 'protected'
    AND indicator IN ($indicators)
    AND ($where)
UNION ALL
SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    sex,
    dimension,
    member,
    period_type,
    toInt32(period_start) AS start
FROM $state.withheld FINAL
WHERE indicator IN ($indicators)
    AND ($where)
