SELECT
    estimate_id,
    series,
    position,
    label,
    x,
    toInt32(ifNull(period_start, toDate32(0))) AS start,
    value,
    low,
    high,
    p,
    input_low,
    input_high,
    input_unit
FROM vointi_internal.estimate_points FINAL
WHERE programme = {programme:String}
