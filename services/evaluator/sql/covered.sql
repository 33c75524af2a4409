-- The first month of which areas have a figure of everybody, protected or not.
SELECT
    area,
    toInt32(min(period_start)) AS first
FROM vointi.indicators
WHERE has(splitByChar('\x1F', {areas:String}), area)
    AND period_type = 'month' AND age_scheme = '' AND age_group = 'all' AND sex = 'all' AND dimension = '' AND status != 'no_data'
    AND NOT (has(flags, 'data_gap') AND suppressed = '' AND value IS NULL)
GROUP BY area
ORDER BY area
