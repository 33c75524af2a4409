-- The check-ins of whole sessions; a range of the key for each.
SELECT
    scope,
    chain,
    kind = 'original' AS original,
    time,
    id,
    hash,
    toUnixTimestamp64Milli(checked_in_at) AS at,
    toInt32(day) AS day,
    person,
    party_size,
    if(venue_area = '', area, venue_area) AS venue_area,
    home_area,
    birth_year,
    age_band,
    sex,
    activity_type,
    provider,
    referral_from
FROM vointi_internal.facts_checkin
WHERE $where
ORDER BY scope
