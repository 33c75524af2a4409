-- Use of services in some areas, as the last event of each group has it.
SELECT
    service_code,
    use_area,
    period,
    age_scheme,
    age_group,
    sex,
    contacts,
    persons,
    population,
    suppressed
FROM vointi_internal.facts_service_use
WHERE has(splitByChar('\x1F', {services:String}), service_code) AND has(splitByChar('\x1F', {areas:String}), use_area)
ORDER BY
    service_code,
    use_area,
    period,
    age_scheme,
    age_group,
    sex,
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY service_code, use_area, period, age_scheme, age_group, sex
