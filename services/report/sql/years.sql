-- Years with yearly figures, newest first.
SELECT DISTINCT toInt64(toYear(period_start)) AS calendar_year
FROM vointi.indicators
WHERE period_type = 'year'
    AND status != 'no_data'
ORDER BY calendar_year DESC
