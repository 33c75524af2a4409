-- The responses of one wave; a range of the key.
SELECT
    response,
    time,
    id,
    hash,
    home_area,
    age_band,
    sex,
    education,
    target_groups,
    partner_kind,
    stratum,
    psu,
    panel,
    ifNull(weight, 0) AS weight,
    complete,
    items
FROM vointi_internal.facts_response
WHERE scope = $wave
