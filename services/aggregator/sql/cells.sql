SELECT
    toUInt8(period_type) AS period_type,
    toInt32(period_start) AS start,
    area,
    measure,
    dimension,
    member,
    band,
    sex,
    value
FROM $state.$table FINAL
WHERE $where
ORDER BY
    period_type,
    period_start
