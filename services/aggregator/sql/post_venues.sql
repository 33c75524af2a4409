-- Meeting places: one each, for the aggregator to post the sessions that were held there.
SELECT
    scope,
    '' AS entity,
    'meeting_place_sessions' AS measure,
    '' AS attribute,
    toInt32(0) AS since,
    toInt32(0) AS until,
    place AS areas,
    '' AS dimension,
    '' AS member,
    toInt64(1) AS value
FROM
(
    SELECT
        scope,
        if(venue_area = '', area, venue_area) AS place,
        venue_kind
    FROM vointi_internal.facts_venue
    WHERE $where
    ORDER BY
        scope,
        time DESC,
        id DESC,
        hash DESC
    LIMIT 1 BY scope
)
WHERE venue_kind = 'meeting_place'
