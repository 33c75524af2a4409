-- Cells are called as in cells.sql: those that are wanted whole; of the others what they are together without a dimension, as if of unknown
-- age and sex.
SELECT
    toUInt8(period_type) AS period_type,
    toInt32(period_start) AS start,
    concat(area, '\0', measure, if($whole, concat('\0', dimension, '\0', member, '\0', band, '\0', sex), '\0\0\0unknown\0unknown')) AS name,
    sum(value) AS value
FROM $state.cells FINAL
WHERE $where
    AND ($whole OR cells.dimension = '' AND $total)
GROUP BY
    period_type,
    start,
    name
