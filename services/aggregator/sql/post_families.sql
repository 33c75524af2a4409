-- Families with children, as Statistics Finland counted them in the municipalities: from the first day of a year until the next
-- year that is known, three years at most. Which year is the next one is looked up among all.
SELECT
    scope,
    '' AS entity,
    'families' AS measure,
    '' AS attribute,
    toInt32(makeDate32(of_year, 1, 1)) AS since,
    toInt32(makeDate32(if(next = 0, of_year + 3, least(of_year + 3, next)), 1, 1)) AS until,
    imported_area AS areas,
    '' AS dimension,
    '' AS member,
    amount AS value
FROM
(
    SELECT
        scope,
        imported_area,
        of_year,
        leadInFrame(of_year, 1, 0) OVER (PARTITION BY imported_area ORDER BY of_year ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next,
        amount
    FROM
    (
        SELECT
            scope,
            imported_area,
            toInt32(year) AS of_year,
            toInt64(round(ifNull(abs_value, value))) AS amount
        FROM vointi_internal.facts_imported
        WHERE origin = 'statfin' AND external = 'families_0_17' AND sex = '' AND match(imported_area, '^KU[0-9]{3}$')
        ORDER BY
            scope,
            time DESC,
            id DESC,
            hash DESC
        LIMIT 1 BY scope
    )
)
WHERE $where AND value > 0
