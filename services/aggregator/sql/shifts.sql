SELECT
    scope,
    volunteer,
    partner,
    starts,
    toInt32(day) AS day,
    area,
    age_band,
    centihours,
    event,
    activity_type
FROM $state.shifts FINAL
WHERE $where
