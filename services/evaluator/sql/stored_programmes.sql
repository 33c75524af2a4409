SELECT
    programme,
    name,
    target_group,
    project,
    areas,
    comparison_areas,
    toInt32(starts) AS starts,
    toInt32(ends) AS ends,
    funders,
    perspective,
    price_year,
    discount_rate,
    refusal
FROM vointi_internal.programmes FINAL
