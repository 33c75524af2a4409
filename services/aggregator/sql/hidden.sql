-- Rows that are hidden.
SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    sex,
    dimension,
    member,
    period_type,
    toInt32(period_start) AS start,
    wave,
    false AS tells,
    toDateTime(0, 'UTC') AS since
FROM $state.publications FINAL
WHERE suppressed = 'protected'
    AND $where
