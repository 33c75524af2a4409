-- All indicators, headlines first.
SELECT
    id,
    goals,
    headline,
    name_fi,
    name_sv,
    name_en,
    description_fi,
    description_sv,
    description_en,
    caveats_fi,
    caveats_sv,
    caveats_en,
    numerator_fi,
    numerator_sv,
    numerator_en,
    denominator_fi,
    denominator_sv,
    denominator_en,
    unit,
    direction,
    method,
    breakdowns,
    period_types,
    decimals,
    awaits
FROM vointi.catalogue
ORDER BY
    headline DESC,
    number
