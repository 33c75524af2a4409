-- Years with yearly figures: the newest that is over first, for it can be compared; the running one last.
SELECT toString(toYear(period_start)) AS year
FROM vointi.indicators
WHERE period_type = 'year'
    AND status != 'no_data'
GROUP BY year
ORDER BY
    year >= toString(toYear(now('Europe/Helsinki'))),
    year DESC
