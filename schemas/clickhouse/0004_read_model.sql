-- The read model: the only thing that dashboards, the report and the API read. Views run as their definer, so that a
-- reader needs no right on what lies beneath.

CREATE VIEW IF NOT EXISTS vointi.indicators
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    sex,
    dimension,
    member,
    period_type,
    period_start,
    wave,
    value,
    lower95,
    upper95,
    lower998,
    upper998,
    numerator,
    denominator,
    denominator_kind,
    crude_value,
    respondents,
    effective_sample_size,
    unit,
    direction,
    method,
    status,
    suppressed,
    flags,
    revision,
    reason,
    computed_at
FROM vointi_internal.publications FINAL;

CREATE VIEW IF NOT EXISTS vointi.indicator_revisions
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    sex,
    dimension,
    member,
    period_type,
    period_start,
    wave,
    value,
    lower95,
    upper95,
    lower998,
    upper998,
    numerator,
    denominator,
    denominator_kind,
    crude_value,
    respondents,
    effective_sample_size,
    unit,
    direction,
    method,
    status,
    suppressed,
    flags,
    revision,
    reason,
    computed_at
FROM vointi_internal.publication_log FINAL;

CREATE VIEW IF NOT EXISTS vointi.catalogue
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
    numerator_text,
    denominator_text,
    unit,
    direction,
    area_basis,
    method,
    breakdowns,
    period_types,
    decimals
FROM vointi_internal.catalogue FINAL;

CREATE VIEW IF NOT EXISTS vointi.areas
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    area,
    level,
    code,
    name['fi'] AS name_fi,
    name['sv'] AS name_sv,
    name['en'] AS name_en,
    parents,
    valid_from,
    valid_to
FROM vointi_internal.areas FINAL;

-- What a decision-maker sees: municipality and above.
CREATE VIEW IF NOT EXISTS vointi.decision_indicators
DEFINER = default SQL SECURITY DEFINER
AS
SELECT *
FROM vointi.indicators
WHERE area IN
(
    SELECT area
    FROM vointi_internal.areas FINAL
    WHERE level IN ('municipality', 'county', 'region', 'country')
);
