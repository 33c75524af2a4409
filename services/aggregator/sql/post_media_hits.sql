-- Media hits, each on its day, in the area that it names or else the event's.
SELECT
    scope,
    '' AS entity,
    'media_hits' AS measure,
    '' AS attribute,
    toInt32(toDate32(at, 'Europe/Helsinki')) AS since,
    toInt32(since + 1) AS until,
    if(item_area = '', area, item_area) AS areas,
    'channel' AS dimension,
    channel AS member,
    toInt64(1) AS value
FROM vointi_internal.facts_media_hit
WHERE $where
ORDER BY
    scope,
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY scope
