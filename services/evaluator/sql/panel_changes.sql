-- How the same persons' answers changed between two waves, for some indicators and areas: as protected as all that is published.
SELECT
    indicator,
    area,
    wave,
    toInt32(period_start) AS start,
    before,
    toInt32(before_start) AS begin,
    value,
    lower95,
    upper95,
    ifNull(respondents, 0) AS persons,
    status,
    suppressed
FROM vointi_internal.panel_changes
WHERE has(splitByChar('\x1F', {indicators:String}), indicator)
    AND has(splitByChar('\x1F', {areas:String}), area)
    AND status != 'no_data'
ORDER BY
    indicator,
    area,
    period_start,
    wave
