-- The indicators and estimates behind the cells of the matrices of good practices, with what is known of the estimates.
SELECT
    l.practice_id,
    l.matrix_row,
    l.matrix_column,
    l.kind = 'estimate' AS is_estimate,
    l.id,
    e.measure,
    e.indicator,
    e.service,
    e.estimate,
    e.low,
    e.high,
    e.unit,
    e.suppressed,
    e.refusal,
    e.flags
FROM vointi.practice_links AS l
LEFT JOIN vointi.estimates AS e ON l.kind = 'estimate' AND e.estimate_id = l.id
ORDER BY
    l.practice_id,
    l.kind DESC,
    l.id
