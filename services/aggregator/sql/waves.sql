SELECT
    scope,
    time,
    id,
    hash,
    toInt32(starts) AS starts,
    toInt32(ends) AS ends,
    kind = 'closed' AS closed
FROM vointi_internal.facts_wave
