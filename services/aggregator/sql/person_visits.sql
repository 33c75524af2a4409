SELECT
    person,
    session,
    toInt32(day) AS day,
    toUnixTimestamp64Milli(at) AS at,
    area,
    home_area,
    birth_year,
    age_band,
    sex,
    activity_type,
    provider,
    referral,
    origin_area,
    origin_activity,
    origin_provider
FROM $state.person_visits FINAL
WHERE $where
ORDER BY person
