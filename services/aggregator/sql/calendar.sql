-- The calendar events of sessions; a range of the key for each. Actual times count before planned ones.
SELECT
    scope,
    chain,
    sequence,
    time,
    id,
    hash,
    kind = 'cancelled' OR status = 'cancelled' AS cancelled,
    kind = 'held' OR status = 'held' AS held,
    if(actual_start = 0, start, actual_start) AS begins,
    if(actual_end = 0, end, actual_end) AS ends,
    if(venue_area = '', area, venue_area) AS place,
    provider,
    activity_type,
    class,
    venue,
    pilot,
    ifNull(capacity_max, 0) AS capacity,
    ifNull(toInt32(audience_min_age), -1) AS audience_from,
    ifNull(toInt32(audience_max_age), -1) AS audience_to,
    ifNull(toInt64(attendance), -1) AS present
FROM vointi_internal.facts_calendar
WHERE $where
ORDER BY scope
