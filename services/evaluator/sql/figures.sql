-- What is published of everybody, for some indicators, areas and period types: as a total, and along one dimension for some members. Days and
-- weeks are many, and hardly anything is estimated by them.
SELECT
    indicator,
    area,
    dimension,
    member,
    period_type,
    toInt32(period_start) AS start,
    wave,
    value,
    lower95,
    upper95,
    numerator,
    denominator,
    status,
    suppressed,
    flags
FROM vointi.indicators
WHERE has(splitByChar('\x1F', {indicators:String}), indicator)
    AND has(splitByChar('\x1F', {areas:String}), area)
    AND has(splitByChar('\x1F', {types:String}), period_type)
    AND age_scheme = '' AND age_group = 'all' AND sex = 'all'
    AND (dimension = '' OR dimension = {dimension:String} AND has(splitByChar('\x1F', {members:String}), member))
ORDER BY
    period_type,
    indicator,
    area,
    period_start,
    wave,
    dimension,
    member
