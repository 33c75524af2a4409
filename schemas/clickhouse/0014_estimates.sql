-- Evaluation of programmes: what they cost, what changed because of them, and how sure that is. Made by the evaluator from
-- what is published, from cost entries, service use and unit costs, and from programmes' descriptions.

-- Programmes, as they are described. refusal says why nothing can be estimated of one, beside its costs; '' nothing.
CREATE TABLE IF NOT EXISTS vointi_internal.programmes
(
    programme        LowCardinality(String),
    name             Map(LowCardinality(String), String),
    target_group     Map(LowCardinality(String), String), -- whom it is for, in words
    project          String, -- project_id of its phases and costs
    areas            Array(LowCardinality(String)), -- where it is tried
    comparison_areas Array(LowCardinality(String)),
    starts           Date32, -- 1970-01-01: not known
    ends             Date32, -- the last day; 1970-01-01: none
    funders          Array(String),
    perspective      LowCardinality(String), -- municipality, wellbeing_services_county or society
    price_year       UInt16,
    discount_rate    Float64,
    refusal          LowCardinality(String),
    computed_at      DateTime64(3, 'UTC'),
    version          UInt64,
    deleted          UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY programme;

-- One row for each estimate. estimate_id names it for good: the programme, the measure, what it is measured by, and the
-- discount rate where there are several. A row without a number says why: status is refused, with the reason as refusal, or no_data,
-- or what it rests on is protected: then suppressed is 'protected' and no number stands in the row, in its inputs or among its points.
-- inputs are what the number rests on, in the order of the reasoning, each with its range and where it is from. A row has the
-- flag placeholder if any of them is one, and wellby if any is the value of a WELLBY.
CREATE TABLE IF NOT EXISTS vointi_internal.estimates
(
    estimate_id   String,
    programme     LowCardinality(String),
    measure       LowCardinality(String), -- a closed list: pkg/programme
    indicator     LowCardinality(String), -- that the effect is of; '' none
    service       LowCardinality(String), -- service_code; '' none
    comparator    LowCardinality(String), -- the comparison areas, with commas between; '' none, and the flag descriptive
    perspective   LowCardinality(String),
    price_year    UInt16,
    discount_rate Nullable(Float64), -- NULL: nothing is discounted
    horizon_years Nullable(Float64), -- over how many years; NULL: no matter
    from_day      Date32, -- what it is about
    to_day        Date32, -- the last day
    estimate      Nullable(Float64),
    low           Nullable(Float64), -- of the interval of 95 %, or of the range of the inputs: see method
    high          Nullable(Float64),
    p             Nullable(Float64), -- two-sided, that there is no effect; of a probability the probability itself is the estimate
    unit          LowCardinality(String),
    draws         UInt32, -- of a simulation, a bootstrap or a permutation; 0 none
    seed          UInt64,
    method        LowCardinality(String),
    status        LowCardinality(String), -- estimated, refused or no_data
    suppressed    LowCardinality(String),
    refusal       LowCardinality(String),
    flags         Array(LowCardinality(String)),
    inputs        Nested(name String, value Nullable(Float64), low Nullable(Float64), high Nullable(Float64), unit String, source String, placeholder Bool),
    revision      UInt32, -- 0 the first
    reason        LowCardinality(String), -- of the revision: inputs, method or description
    computed_at   DateTime64(3, 'UTC'),
    version       UInt64,
    deleted       UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (programme, estimate_id);

-- What is drawn of an estimate. Series, by position:
--   event_study    x periods from the start (before it below 0), period_start; value the effect against the last period before
--                  the start, low, high, p. That period itself is 0 without limits.
--   tornado        label the input, widest first; low and high the results at its ends, value at its base; input_low, input_high
--   acceptability  x what a unit of effect may cost; value the probability that it pays
--   by_period      x years since 1970-01-01, period_start; value, low and high as published
--   scenario       label low, base or high; value the result
CREATE TABLE IF NOT EXISTS vointi_internal.estimate_points
(
    estimate_id  String,
    programme    LowCardinality(String),
    series       LowCardinality(String),
    position     UInt16,
    label        String,
    x            Nullable(Float64),
    period_start Nullable(Date32),
    value        Nullable(Float64),
    low          Nullable(Float64),
    high         Nullable(Float64),
    p            Nullable(Float64),
    input_low    Nullable(Float64),
    input_high   Nullable(Float64),
    input_unit   LowCardinality(String),
    version      UInt64,
    deleted      UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (programme, estimate_id, series, position);

CREATE VIEW IF NOT EXISTS vointi.programmes
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    programme,
    name['fi'] AS name_fi,
    name['sv'] AS name_sv,
    name['en'] AS name_en,
    target_group['fi'] AS target_group_fi,
    target_group['sv'] AS target_group_sv,
    target_group['en'] AS target_group_en,
    project AS project_id,
    areas,
    comparison_areas,
    nullIf(starts, toDate32(0)) AS starts,
    nullIf(ends, toDate32(0)) AS ends,
    funders,
    perspective,
    price_year,
    discount_rate,
    refusal,
    computed_at
FROM vointi_internal.programmes FINAL;

CREATE VIEW IF NOT EXISTS vointi.estimates
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    estimate_id,
    programme,
    measure,
    indicator,
    service,
    comparator,
    perspective,
    price_year,
    discount_rate,
    horizon_years,
    from_day,
    to_day,
    estimate,
    low,
    high,
    p,
    unit,
    draws,
    seed,
    method,
    status,
    suppressed,
    refusal,
    flags,
    inputs.name,
    inputs.value,
    inputs.low,
    inputs.high,
    inputs.unit,
    inputs.source,
    inputs.placeholder,
    revision,
    reason,
    computed_at
FROM vointi_internal.estimates FINAL;

CREATE VIEW IF NOT EXISTS vointi.estimate_points
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    estimate_id,
    programme,
    measure,
    indicator,
    series,
    position,
    label,
    x,
    period_start,
    value,
    low,
    high,
    p,
    input_low,
    input_high,
    input_unit
FROM vointi_internal.estimate_points AS points FINAL
INNER JOIN
(
    SELECT
        estimate_id,
        measure,
        indicator
    FROM vointi_internal.estimates FINAL
) AS estimates USING (estimate_id);

-- What a decision-maker sees: programmes of municipalities and above, nothing that rests on a placeholder or on the value of a
-- WELLBY.
CREATE VIEW IF NOT EXISTS vointi.decision_programmes
DEFINER = default SQL SECURITY DEFINER
AS
SELECT *
FROM vointi.programmes
WHERE NOT arrayExists(
    place -> place NOT IN
    (
        SELECT area
        FROM vointi_internal.areas FINAL
        WHERE level IN ('municipality', 'county', 'region', 'country')
    ), areas);

CREATE VIEW IF NOT EXISTS vointi.decision_estimates
DEFINER = default SQL SECURITY DEFINER
AS
SELECT *
FROM vointi.estimates
WHERE NOT hasAny(flags, ['placeholder', 'wellby']) AND programme IN
(
    SELECT programme
    FROM vointi.decision_programmes
);

CREATE VIEW IF NOT EXISTS vointi.decision_estimate_points
DEFINER = default SQL SECURITY DEFINER
AS
SELECT *
FROM vointi.estimate_points
WHERE estimate_id IN
(
    SELECT estimate_id
    FROM vointi.decision_estimates
);
