-- What registers, aggregates and volunteers add to cells, and views of what they hold.

-- Amounts that entities of several families add to measures.
CREATE TABLE IF NOT EXISTS vointi_internal.postings
(
    family    LowCardinality(String),
    scope     String, -- as in the family's facts
    entity    String, -- within the scope
    measure   LowCardinality(String),
    attribute LowCardinality(String), -- that the measure is restricted to; '' for the measure without conditions
    since     Date32, -- the day of a flow; the first day of a stock
    until     Date32, -- of a stock, the day after its last
    areas     String, -- counted in each and above once, with commas between
    dimension LowCardinality(String),
    member    LowCardinality(String),
    value     Int64,
    gen       UInt64,
    deleted   UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (family, scope, entity, measure, attribute, since)
SETTINGS index_granularity = 256;

-- Shifts of volunteers in force.
CREATE TABLE IF NOT EXISTS vointi_internal.shifts
(
    scope         String, -- first digits of the pseudonym
    volunteer     UUID,
    partner       LowCardinality(String),
    starts        DateTime64(3, 'UTC'),
    day           Date32, -- of the start, Europe/Helsinki
    area          LowCardinality(String),
    age_band      LowCardinality(String),
    centihours    Int64, -- hundredths of an hour
    event         String, -- the session at which it was done; '' none
    activity_type LowCardinality(String), -- of that session; '' unknown
    gen           UInt64,
    deleted       UInt8,
    INDEX by_event event TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (scope, volunteer, partner, starts)
SETTINGS index_granularity = 128;

-- The register of premises.
CREATE VIEW IF NOT EXISTS vointi.venues
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    scope AS venue_id,
    name['fi'] AS name_fi,
    name['sv'] AS name_sv,
    name['en'] AS name_en,
    venue_area AS area,
    postal_code,
    lat,
    lon,
    venue_kind AS kind,
    capacity,
    accessibility,
    owner AS owner_id,
    nullIf(valid_from, toDate32(0)) AS valid_since,
    nullIf(valid_to, toDate32(0)) AS valid_until
FROM vointi_internal.facts_venue
ORDER BY
    scope,
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY scope;

-- Good practices: one row for each cell of the matrix that says something, or one without a cell.
CREATE VIEW IF NOT EXISTS vointi.practices
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    practice_id,
    name['fi'] AS name_fi,
    name['sv'] AS name_sv,
    name['en'] AS name_en,
    matrix_row,
    matrix_column,
    anyIf(said, in_language = 'fi') AS text_fi,
    anyIf(said, in_language = 'sv') AS text_sv,
    anyIf(said, in_language = 'en') AS text_en,
    indicators,
    estimates
FROM
(
    SELECT
        scope AS practice_id,
        name,
        cells.row AS matrix_rows,
        cells.column AS matrix_columns,
        cells.language AS languages,
        cells.text AS texts,
        indicators,
        estimates
    FROM vointi_internal.facts_practice
    ORDER BY
        scope,
        time DESC,
        id DESC,
        hash DESC
    LIMIT 1 BY scope
)
LEFT ARRAY JOIN
    matrix_rows AS matrix_row,
    matrix_columns AS matrix_column,
    languages AS in_language,
    texts AS said
GROUP BY
    practice_id,
    name,
    matrix_row,
    matrix_column,
    indicators,
    estimates;

-- Priorities of welfare plans.
CREATE VIEW IF NOT EXISTS vointi.priorities
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    scope AS priority_id,
    priority_area AS area,
    council_term,
    age_group,
    theme,
    goal,
    indicators
FROM vointi_internal.facts_priority
ORDER BY
    scope,
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY scope;

-- What a unit of a service costs, with the source and the year of its prices.
CREATE VIEW IF NOT EXISTS vointi.unit_costs
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    scope AS service_code,
    price_year,
    low_cents / 100 AS low,
    base_cents / 100 AS base,
    high_cents / 100 AS high,
    origin AS source,
    source_url,
    placeholder
FROM vointi_internal.facts_unit_cost
ORDER BY
    scope,
    price_year,
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY scope, price_year;
