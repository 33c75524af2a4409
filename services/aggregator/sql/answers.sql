SELECT
    wave,
    response,
    item,
    toInt32(day) AS day,
    area,
    code,
    session,
    activity_type,
    provider
FROM $state.answers FINAL
WHERE $where
