-- Check-ins that do not count as anybody's any more: of days before the limit, unless the calendar has their session on a
-- later one.
kind != 'voided' AND day < $limit AND scope NOT IN
(
    SELECT session
    FROM $state.sessions FINAL
    WHERE in_calendar = 1 AND day >= $limit AND session IN
    (
        SELECT scope
        FROM vointi_internal.facts_checkin
        WHERE kind != 'voided' AND day < $limit
    )
)
