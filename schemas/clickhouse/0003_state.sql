-- State of the aggregator: what it has derived from the facts so far. Everything here can be made anew from the facts
-- (`vointi recompute`), and a refresh changes it by whole new values, never by increments, so that writing the same
-- generation twice changes nothing. gen is the number of the refresh that wrote a row; the greatest wins.

-- Claims that are not in force: the chain was voided, moved to another scope, or waits for its original.
CREATE TABLE IF NOT EXISTS vointi_internal.beaten
(
    scope   String,
    family  LowCardinality(String),
    chain   UUID,
    reason  Enum8('voided' = 1, 'moved' = 2, 'waiting' = 3),
    gen     UInt64,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (scope, family, chain)
SETTINGS index_granularity = 256;

-- One row for every session: what the fold made of its calendar event, check-ins, head counts and costs.
CREATE TABLE IF NOT EXISTS vointi_internal.sessions
(
    session         String,
    day             Date32, -- Europe/Helsinki; of the actual start, else the start, else the earliest check-in or count
    area            LowCardinality(String), -- where it takes place: service area or municipality
    activity_type   LowCardinality(String),
    provider        LowCardinality(String),
    project         LowCardinality(String),
    class           LowCardinality(String), -- of the calendar event
    held            UInt8,
    cancelled       UInt8,
    in_calendar     UInt8,
    minutes         Int64, -- planned or actual length, 0 unknown
    capacity        Int64, -- 0 unknown
    card_visits     Int64, -- distinct persons
    anonymous       Int64,
    direct_cents    Int64, -- costs that name this session
    allocated_cents Int64, -- its share of costs with an allocation key
    costed          UInt8, -- any cost reached it
    flags           Array(LowCardinality(String)),
    persons         Array(UUID), -- of the card visits
    gen             UInt64,
    deleted         UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY session
SETTINGS index_granularity = 256;

-- Sessions of a project by month: who shares in a cost with an allocation key.
CREATE TABLE IF NOT EXISTS vointi_internal.project_sessions
(
    project LowCardinality(String),
    month   Date32,
    session String,
    gen     UInt64,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (project, month, session)
SETTINGS index_granularity = 256;

-- Costs that reached no session, by entry.
CREATE TABLE IF NOT EXISTS vointi_internal.unallocated
(
    entry   String,
    area    LowCardinality(String),
    month   Date32,
    cents   Int64,
    gen     UInt64,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY entry;

-- One row for every visit of a person, by person: read whole for the persons that a refresh touches. Granules are
-- small because a refresh reads many persons far apart.
CREATE TABLE IF NOT EXISTS vointi_internal.person_visits
(
    person        UUID,
    session       String,
    day           Date32,
    at            DateTime64(3, 'UTC'),
    area          LowCardinality(String), -- of the session
    home_area     LowCardinality(String),
    birth_year    UInt16,
    age_band      LowCardinality(String), -- elementary band, where only a band was given
    sex           LowCardinality(String),
    activity_type LowCardinality(String),
    provider      LowCardinality(String),
    gen           UInt64,
    deleted       UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (person, session)
SETTINGS index_granularity = 64;

-- Cells: exact integers per measure. Period first, since a refresh reads and writes whole periods of some areas.
-- Within a period and area, rows with dimension '' add up over band and sex; rows with a dimension are one breakdown.
CREATE TABLE IF NOT EXISTS vointi_internal.cells
(
    period_type  Enum8('day' = 1, 'week' = 2, 'month' = 3, 'quarter' = 4, 'year' = 5, 'rolling_12m' = 6),
    period_start Date32,
    area         LowCardinality(String),
    measure      LowCardinality(String),
    dimension    LowCardinality(String),
    member       LowCardinality(String),
    band         LowCardinality(String), -- elementary age band, 'unknown', or 'all' where the measure knows no ages
    sex          LowCardinality(String), -- '1', '2', 'unknown', or 'all'
    value        Int64,
    gen          UInt64,
    deleted      UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (period_type, period_start, area, measure, dimension, member, band, sex)
SETTINGS index_granularity = 512;

-- The write-ahead log of refreshes. One insert holds all that a generation writes, and one insert into one partition
-- is atomic: after a crash the last generation is simply written again. body is the rows of target, encoded.
CREATE TABLE IF NOT EXISTS vointi_internal.journal
(
    gen    UInt64,
    part   UInt16,
    target LowCardinality(String), -- a state table; '' is the head: watermarks and pending periods
    body   String CODEC(ZSTD(1)),
    at     DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
PARTITION BY intDiv(gen, 1000)
ORDER BY (gen, part);

-- Publications: what the read model shows. One row per cell; the greatest version wins. A protected cell's true value
-- is not here. There are no partitions: a refresh writes to every period type, and each partition would be a part, with
-- its files to sync and to merge. Period type first: every reader asks for one.
CREATE TABLE IF NOT EXISTS vointi_internal.publications
(
    indicator             LowCardinality(String),
    area                  LowCardinality(String),
    age_scheme            LowCardinality(String),
    age_group             LowCardinality(String),
    sex                   LowCardinality(String),
    dimension             LowCardinality(String),
    member                LowCardinality(String),
    period_type           LowCardinality(String),
    period_start          Date32,
    wave                  LowCardinality(String),
    value                 Nullable(Float64),
    lower95               Nullable(Float64),
    upper95               Nullable(Float64),
    lower998              Nullable(Float64),
    upper998              Nullable(Float64),
    numerator             Nullable(Float64),
    denominator           Nullable(Float64),
    denominator_kind      LowCardinality(String),
    crude_value           Nullable(Float64),
    respondents           Nullable(Int64),
    effective_sample_size Nullable(Float64),
    unit                  LowCardinality(String),
    direction             LowCardinality(String),
    method                LowCardinality(String),
    status                LowCardinality(String),
    suppressed            LowCardinality(String),
    flags                 Array(LowCardinality(String)),
    revision              UInt32,
    reason                LowCardinality(String),
    computed_at           DateTime64(3, 'UTC'),
    version               UInt64, -- counts publications
    deleted               UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (period_type, indicator, area, period_start, wave, age_scheme, age_group, sex, dimension, member)
SETTINGS index_granularity = 1024;

-- The publication log: every revision of every row of a closed period. Append only; the same revision written twice is
-- one row.
CREATE TABLE IF NOT EXISTS vointi_internal.publication_log AS vointi_internal.publications
ENGINE = ReplacingMergeTree
ORDER BY (period_type, indicator, area, period_start, wave, age_scheme, age_group, sex, dimension, member, revision);

-- What the catalogue says, for people and dashboards. Written by the aggregator from schemas/indicators.
CREATE TABLE IF NOT EXISTS vointi_internal.catalogue
(
    id               LowCardinality(String),
    number           UInt16,
    goals            Array(LowCardinality(String)),
    headline         Bool,
    name             Map(LowCardinality(String), String),
    description      Map(LowCardinality(String), String),
    caveats          Map(LowCardinality(String), String),
    numerator_text   String,
    denominator_text String,
    unit             LowCardinality(String),
    direction        LowCardinality(String),
    area_basis       LowCardinality(String),
    method           LowCardinality(String),
    breakdowns       Array(LowCardinality(String)),
    period_types     Array(LowCardinality(String)),
    decimals         UInt8,
    version          UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id;

-- Areas as they stand after the fold of reference.area events.
CREATE TABLE IF NOT EXISTS vointi_internal.areas
(
    area       LowCardinality(String),
    level      LowCardinality(String),
    code       String,
    name       Map(LowCardinality(String), String),
    parents    Map(LowCardinality(String), String),
    valid_from Date32,
    valid_to   Date32,
    version    UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY area;
