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
    toBool(tells) AS tells,
    since
FROM $state.withheld FINAL
WHERE $where
