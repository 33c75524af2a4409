-- How old and how firm the figures of the chosen area and year are. Survey waves count for the year they began in.
SELECT
    max(computed_at) AS `Computed`,
    max(computed_at) AS `Age`,
    countIf(status = 'final') AS `Final cells`,
    countIf(status = 'provisional') AS `Provisional cells`,
    countIf(suppressed != '') AS `Protected cells`,
    countIf(status = 'no_data') AS `Cells without data`
FROM vointi.indicators
WHERE area = ${area:singlequote}
    AND period_type IN ('year', 'wave')
    AND period_start >= toDate(concat(${year:singlequote}, '-01-01'))
    AND period_start < addYears(toDate(concat(${year:singlequote}, '-01-01')), 1)
HAVING count() > 0
