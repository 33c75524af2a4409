SELECT
    toUInt8(period_type) AS period_type,
    toInt32(period_start) AS start,
    area,
    measure,
    '' AS dimension,
    '' AS member,
    'unknown' AS band,
    'unknown' AS sex,
    sum(value) AS value
FROM $state.cells FINAL
WHERE $where
    AND cells.dimension = ''
GROUP BY
    period_type,
    start,
    area,
    measure
