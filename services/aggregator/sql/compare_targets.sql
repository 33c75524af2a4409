SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    year,
    value
FROM vointi.targets
