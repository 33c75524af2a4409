SELECT
    session,
    toInt32(day) AS day,
    area,
    activity_type,
    provider,
    project,
    class,
    held,
    cancelled,
    in_calendar,
    minutes,
    capacity,
    audience_min,
    audience_max,
    card_visits,
    anonymous,
    direct_cents,
    allocated_cents,
    costed,
    flags,
    persons
FROM $state.sessions FINAL
WHERE $where
