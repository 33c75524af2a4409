-- The first month that an area has figures of: what began earlier is not covered as a whole. 1970-01-01 if it has none.
SELECT min(period_start) AS first_month
FROM vointi.indicators
WHERE area = {area:String}
    AND period_type = 'month'
    AND age_scheme = ''
    AND age_group = 'all'
    AND dimension = ''
