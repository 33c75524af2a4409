SELECT *
FROM vointi_internal.publication_log FINAL
ORDER BY revision DESC
LIMIT 1 BY indicator, area, age_scheme, age_group, sex, dimension, member, period_type, period_start, wave
