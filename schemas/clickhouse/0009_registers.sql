-- Facts of the families that are their payload and nothing else (services/ingester/rows_register.go): registers, aggregates
-- that others made, and what volunteers did. A time of 1970-01-01 is not told.

-- Sign-ups to sessions.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_registration
(
    scope    String, -- registration_id, the entity
    chain    UUID,
    identity UUID,
    hash     UInt64,
    source   LowCardinality(String),
    id       String,
    time     DateTime64(9, 'UTC'),
    area     LowCardinality(String),
    session  String,
    person   UUID, -- zero: not told
    status   LowCardinality(String),
    presence LowCardinality(String),
    at       DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Who began and ended to volunteer.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_volunteer
(
    scope          String, -- first digits of the pseudonym; never more of it, since scopes are repeated in changes
    chain          UUID,
    identity       UUID,
    hash           UInt64,
    source         LowCardinality(String),
    id             String,
    time           DateTime64(9, 'UTC'),
    area           LowCardinality(String),
    kind           Enum8('enrolled' = 0, 'ended' = 1),
    volunteer      UUID,
    partner        LowCardinality(String), -- with volunteer the entity
    role           LowCardinality(String),
    volunteer_area LowCardinality(String), -- area_id
    age_band       LowCardinality(String),
    starts         DateTime64(3, 'UTC'),
    ends           DateTime64(3, 'UTC'),
    event          String
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- What volunteers did.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_shift
(
    scope      String, -- first digits of the pseudonym
    chain      UUID,
    identity   UUID,
    hash       UInt64,
    source     LowCardinality(String),
    id         String,
    time       DateTime64(9, 'UTC'),
    area       LowCardinality(String),
    volunteer  UUID,
    partner    LowCardinality(String),
    role       LowCardinality(String),
    shift_area LowCardinality(String), -- area_id
    age_band   LowCardinality(String),
    starts     DateTime64(3, 'UTC'), -- with volunteer and partner the entity
    ends       DateTime64(3, 'UTC'),
    centihours Int64, -- hundredths of an hour
    event      String -- the session at which it was done
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Releases, and mentions in the media.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_release
(
    scope          String, -- item_id, the entity
    chain          UUID,
    identity       UUID,
    hash           UInt64,
    source         LowCardinality(String),
    id             String,
    time           DateTime64(9, 'UTC'),
    area           LowCardinality(String),
    at             DateTime64(3, 'UTC'),
    channel        LowCardinality(String),
    outlet         String,
    title          String,
    topic          LowCardinality(String),
    item_area      LowCardinality(String), -- '': the event's
    campaign       LowCardinality(String),
    reach_estimate Nullable(UInt32),
    tone           LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

CREATE TABLE IF NOT EXISTS vointi_internal.facts_media_hit
(
    scope          String, -- item_id, the entity
    chain          UUID,
    identity       UUID,
    hash           UInt64,
    source         LowCardinality(String),
    id             String,
    time           DateTime64(9, 'UTC'),
    area           LowCardinality(String),
    at             DateTime64(3, 'UTC'),
    channel        LowCardinality(String),
    outlet         String,
    title          String,
    topic          LowCardinality(String),
    item_area      LowCardinality(String), -- '': the event's
    campaign       LowCardinality(String),
    reach_estimate Nullable(UInt32),
    tone           LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- What platforms counted.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_platform
(
    scope           String, -- platform_id
    chain           UUID,
    identity        UUID,
    hash            UInt64,
    source          LowCardinality(String),
    id              String,
    time            DateTime64(9, 'UTC'),
    area            LowCardinality(String),
    window_start    DateTime64(3, 'UTC'), -- with the platform the entity
    window_end      DateTime64(3, 'UTC'),
    visits          UInt32,
    unique_visitors Nullable(UInt32),
    messages        Nullable(UInt32),
    searches        Nullable(UInt32),
    pages_published Nullable(UInt32),
    pages_stale     Nullable(UInt32)
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Use of services, as aggregates that others made.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_service_use
(
    scope        String, -- area_id and period
    chain        UUID,
    identity     UUID,
    hash         UInt64,
    source       LowCardinality(String),
    id           String,
    time         DateTime64(9, 'UTC'),
    area         LowCardinality(String),
    use_area     LowCardinality(String),
    age_scheme   LowCardinality(String),
    age_group    LowCardinality(String),
    sex          LowCardinality(String), -- '': both
    service_code LowCardinality(String),
    period       LowCardinality(String), -- 2024 or 2024-03; with area, scheme, group, sex and service the entity
    contacts     UInt32,
    persons      Nullable(UInt32),
    population   Nullable(UInt32),
    suppressed   Bool
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- The register of partners, and agreements with them.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_partner
(
    scope                String, -- partner_id, the entity
    chain                UUID,
    identity             UUID,
    hash                 UInt64,
    source               LowCardinality(String),
    id                   String,
    time                 DateTime64(9, 'UTC'),
    area                 LowCardinality(String),
    partner_kind         LowCardinality(String),
    name                 String,
    business             String,
    areas                Array(LowCardinality(String)), -- empty: the event's
    themes               Array(LowCardinality(String)),
    contact_confirmed_at DateTime64(3, 'UTC'),
    valid_from           Date32,
    valid_to             Date32, -- the last day; 1970-01-01: none
    agreement            String
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

CREATE TABLE IF NOT EXISTS vointi_internal.facts_agreement
(
    scope                String, -- agreement_id, the entity
    chain                UUID,
    identity             UUID,
    hash                 UInt64,
    source               LowCardinality(String),
    id                   String,
    time                 DateTime64(9, 'UTC'),
    area                 LowCardinality(String),
    partner_kind         LowCardinality(String),
    name                 String,
    business             String,
    areas                Array(LowCardinality(String)), -- empty: the event's
    themes               Array(LowCardinality(String)),
    contact_confirmed_at DateTime64(3, 'UTC'),
    valid_from           Date32,
    valid_to             Date32, -- the last day; 1970-01-01: none
    kind                 Enum8('signed' = 0, 'ended' = 1),
    partner              LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- The register of premises.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_venue
(
    scope         String, -- venue_id, the entity
    chain         UUID,
    identity      UUID,
    hash          UInt64,
    source        LowCardinality(String),
    id            String,
    time          DateTime64(9, 'UTC'),
    area          LowCardinality(String),
    name          Map(LowCardinality(String), String),
    venue_area    LowCardinality(String), -- area_id
    postal_code   LowCardinality(String),
    lat           Nullable(Float64),
    lon           Nullable(Float64),
    venue_kind    LowCardinality(String),
    capacity      Nullable(UInt32),
    accessibility Array(LowCardinality(String)),
    owner         LowCardinality(String),
    valid_from    Date32,
    valid_to      Date32 -- the last day; 1970-01-01: none
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Phases of projects.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_project
(
    scope            String, -- project_id, the entity
    chain            UUID,
    identity         UUID,
    hash             UInt64,
    source           LowCardinality(String),
    id               String,
    time             DateTime64(9, 'UTC'),
    area             LowCardinality(String),
    phase            LowCardinality(String),
    areas            Array(LowCardinality(String)),
    starts           Date32,
    ends             Date32, -- the last day; 1970-01-01: none
    comparison_areas Array(LowCardinality(String))
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Interviews: whom, how many, about what; never what was said.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_interview
(
    scope            String, -- interview_id, the entity
    chain            UUID,
    identity         UUID,
    hash             UInt64,
    source           LowCardinality(String),
    id               String,
    time             DateTime64(9, 'UTC'),
    area             LowCardinality(String),
    interview_area   LowCardinality(String),
    at               DateTime64(3, 'UTC'),
    respondents_kind LowCardinality(String),
    theme_codes      Array(LowCardinality(String)),
    n                UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Good practices.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_practice
(
    scope      String, -- practice_id, the entity
    chain      UUID,
    identity   UUID,
    hash       UInt64,
    source     LowCardinality(String),
    id         String,
    time       DateTime64(9, 'UTC'),
    area       LowCardinality(String),
    name       Map(LowCardinality(String), String),
    indicators Array(LowCardinality(String)),
    estimates  Array(String),
    cells      Nested(row String, column String, language String, text String) -- of the matrix, one for each text
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Priorities of welfare plans.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_priority
(
    scope         String, -- priority_id, the entity
    chain         UUID,
    identity      UUID,
    hash          UInt64,
    source        LowCardinality(String),
    id            String,
    time          DateTime64(9, 'UTC'),
    area          LowCardinality(String),
    priority_area LowCardinality(String),
    council_term  LowCardinality(String),
    age_group     LowCardinality(String),
    theme         LowCardinality(String),
    goal          LowCardinality(String),
    indicators    Array(LowCardinality(String))
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Figures that others published.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_imported
(
    scope         String, -- source, external_id, area_id and year
    chain         UUID,
    identity      UUID,
    hash          UInt64,
    source        LowCardinality(String),
    id            String,
    time          DateTime64(9, 'UTC'),
    area          LowCardinality(String),
    origin        LowCardinality(String), -- the attribute source
    external      LowCardinality(String),
    imported_area LowCardinality(String),
    year          UInt16,
    sex           LowCardinality(String), -- '': both; with the scope the entity
    value         Float64,
    abs_value     Nullable(Float64),
    retrieved_at  DateTime64(3, 'UTC'),
    licence       LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- What a unit of a service costs.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_unit_cost
(
    scope       String, -- service_code
    chain       UUID,
    identity    UUID,
    hash        UInt64,
    source      LowCardinality(String),
    id          String,
    time        DateTime64(9, 'UTC'),
    area        LowCardinality(String),
    price_year  UInt16, -- with the service the entity
    low_cents   Nullable(Int64),
    base_cents  Int64,
    high_cents  Nullable(Int64),
    origin      LowCardinality(String), -- the attribute source
    source_url  String,
    placeholder Bool
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);
