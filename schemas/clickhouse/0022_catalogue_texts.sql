-- What is counted, and of what, in words of each language.
DROP VIEW IF EXISTS vointi.catalogue;

ALTER TABLE vointi_internal.catalogue
    ADD COLUMN IF NOT EXISTS numerator Map(LowCardinality(String), String) AFTER caveats,
    ADD COLUMN IF NOT EXISTS denominator Map(LowCardinality(String), String) AFTER numerator, -- empty: the value is of nothing
    DROP COLUMN IF EXISTS numerator_text,
    DROP COLUMN IF EXISTS denominator_text;

CREATE VIEW vointi.catalogue
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    id,
    number,
    goals,
    headline,
    name['fi'] AS name_fi,
    name['sv'] AS name_sv,
    name['en'] AS name_en,
    description['fi'] AS description_fi,
    description['sv'] AS description_sv,
    description['en'] AS description_en,
    caveats['fi'] AS caveats_fi,
    caveats['sv'] AS caveats_sv,
    caveats['en'] AS caveats_en,
    numerator['fi'] AS numerator_fi,
    numerator['sv'] AS numerator_sv,
    numerator['en'] AS numerator_en,
    denominator['fi'] AS denominator_fi,
    denominator['sv'] AS denominator_sv,
    denominator['en'] AS denominator_en,
    unit,
    direction,
    area_basis,
    method,
    breakdowns,
    period_types,
    decimals,
    awaits
FROM vointi_internal.catalogue FINAL;
