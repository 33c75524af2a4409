-- Areas that have yearly figures, the country first, then from large to small, then by name.
SELECT
    area,
    level,
    name_fi,
    name_sv,
    name_en
FROM vointi.areas
WHERE area IN
(
    SELECT area
    FROM vointi.indicators
    WHERE period_type = 'year'
        AND status != 'no_data'
    GROUP BY area
)
ORDER BY
    indexOf(['country', 'region', 'county', 'municipality'], level) = 0,
    indexOf(['country', 'region', 'county', 'municipality'], level),
    name_fi
LIMIT 1 BY area
