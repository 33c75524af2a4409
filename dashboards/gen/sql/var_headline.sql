-- Headline indicators of the catalogue: one trend panel is repeated for each that the area has figures of.
SELECT
    id,
    concat({{lang "name"}}, ' (', unit, ')') AS text
FROM vointi.catalogue
WHERE headline
    AND id IN
    (
        SELECT indicator
        FROM vointi.indicators
        WHERE area = ${area:singlequote}
            AND period_type IN ('month', 'quarter', 'year', 'wave')
            AND status != 'no_data'
    )
ORDER BY text
