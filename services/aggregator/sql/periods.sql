SELECT DISTINCT
    toString(period_type) AS period_type,
    toInt32(period_start) AS start
FROM $state.cells FINAL
