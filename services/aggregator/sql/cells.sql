-- What a cell is called comes as one string, its parts apart by a character that none of them holds: a reader meets most
-- names many times, and looks each up once.
SELECT
    toUInt8(period_type) AS period_type,
    toInt32(period_start) AS start,
    concat(area, '\0', measure, '\0', dimension, '\0', member, '\0', band, '\0', sex) AS name,
    value
FROM $state.$table FINAL
WHERE $where
ORDER BY
    period_type,
    period_start
