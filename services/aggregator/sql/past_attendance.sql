SELECT
    session,
    card_visits,
    extras,
    toInt32(until) AS until,
    toUnixTimestamp64Milli(at) AS at,
    toInt32(day) AS day,
    area,
    activity_type,
    provider
FROM $state.past_attendance FINAL
WHERE $where
ORDER BY session
