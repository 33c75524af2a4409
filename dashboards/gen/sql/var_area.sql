-- Areas that have yearly figures, the country first, then from large to small.
SELECT
    area AS id,
    {{lang "name"}} AS text
FROM vointi.areas
WHERE area IN
(
    SELECT area
    FROM vointi.indicators
    WHERE period_type IN ('year', 'wave')
        AND status != 'no_data'
)
ORDER BY
    indexOf(['country', 'region', 'county', 'municipality'], level) = 0,
    indexOf(['country', 'region', 'county', 'municipality'], level),
    text
LIMIT 1 BY id
