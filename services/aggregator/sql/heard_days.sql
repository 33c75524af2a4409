-- The days on which venues told something of sessions of the calendar, and of how many.
SELECT
    area,
    venue,
    toInt32(day) AS of_day,
    toInt32(count()) AS of_sessions
FROM $state.sessions FINAL
WHERE in_calendar = 1 AND heard = 1 AND venue != ''
GROUP BY
    area,
    venue,
    day
