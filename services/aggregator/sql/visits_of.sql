-- The visits of persons; and for one with a past a row without a session, whose birth year says whether it is settled.
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
WHERE person IN ($persons)
UNION ALL
SELECT
    person,
    '',
    toInt32(0),
    toInt64(0),
    '',
    '',
    toUInt16(settled),
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    ''
FROM $state.past_persons FINAL
WHERE person IN ($persons)
