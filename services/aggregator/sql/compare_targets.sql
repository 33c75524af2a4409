SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    year,
    value
FROM vointi.targets
WHERE isNull(starts) -- the others are not of their year: see progress_targets
