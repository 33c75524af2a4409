-- Each wave as its last description has it.
SELECT
    scope AS wave,
    toInt32(starts) AS starts,
    toInt32(ends) AS ends,
    instrument,
    version
FROM vointi_internal.facts_wave
ORDER BY
    scope,
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY scope
