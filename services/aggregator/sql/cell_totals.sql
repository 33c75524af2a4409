-- Cells are called as in cells.sql.
SELECT
    toUInt8(period_type) AS period_type,
    toInt32(period_start) AS start,
    concat(area, '\0', measure, '\0\0\0unknown\0unknown') AS name,
    sum(value) AS value
FROM $state.cells FINAL
WHERE $where
    AND cells.dimension = ''
GROUP BY
    period_type,
    start,
    name
