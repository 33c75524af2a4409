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
    comparator,
    ifNull(difference, nan) AS difference,
    ifNull(lower95, nan) AS lower95,
    ifNull(upper95, nan) AS upper95,
    ifNull(p, nan) AS p,
    ifNull(p_adjusted, nan) AS p_adjusted,
    unit,
    verdict,
    reason
FROM $state.comparisons FINAL
WHERE $where
