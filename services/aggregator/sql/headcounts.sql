-- The head counts of whole sessions; a range of the key for each.
SELECT
    scope,
    chain,
    kind = 'original' AS original,
    time,
    id,
    hash,
    counter,
    toUnixTimestamp64Milli(counted_at) AS at,
    toInt32(day) AS day,
    if(venue_area = '', area, venue_area) AS venue_area,
    total,
    includes_card_holders,
    activity_type,
    provider
FROM vointi_internal.facts_headcount
WHERE $where
ORDER BY scope
