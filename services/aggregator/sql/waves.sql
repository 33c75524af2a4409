SELECT
    scope,
    time,
    id,
    hash,
    toInt32(starts) AS starts,
    toInt32(ends) AS ends,
    instrument,
    version,
    strata.area AS areas,
    strata.age_group AS groups,
    strata_sex AS sexes,
    strata.sampled AS sampled
FROM vointi_internal.facts_wave
