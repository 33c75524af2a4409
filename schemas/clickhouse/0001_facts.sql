-- Facts: every distinct event, as it was sent. A row is a pure function of its event (no arrival time, no writer), so a
-- redelivered event is the same row, and ReplacingMergeTree drops it. Nothing here is folded: corrections, voids and
-- conflicting events of one identity lie beside their original, and the aggregator decides which of them counts.
--
-- Every fact table begins with the same columns:
--   scope     what is recomputed together: the session, wave, month, …; '' in a void, which does not know it. First in
--             the key, so that one scope is one short range of rows.
--   chain     identity of the original event; a correction or void carries that of the event it amends
--   identity  hash of (source, id)
--   hash      hash of all other columns: two rows of one identity with different hashes are a conflict
--   kind      original, corrected or voided
-- Columns that a void does not have hold their defaults; times that are unknown are 1970-01-01.
--
-- Equal keys always share a partition, since the columns that a partition is made of are part of the hash. Partitions
-- are years, held between 1999 and 2060, so that one batch of events of any age stays below the engine's limit of
-- partitions in one insert: a refusal there would be nobody's fault, and would never end.

CREATE DATABASE IF NOT EXISTS vointi_internal;

CREATE DATABASE IF NOT EXISTS vointi;

CREATE TABLE IF NOT EXISTS vointi_internal.facts_checkin
(
    scope          String, -- session_id
    chain          UUID,
    identity       UUID,
    hash           UInt64,
    kind           Enum8('original' = 0, 'corrected' = 1, 'voided' = 2),
    source         LowCardinality(String),
    id             String,
    time           DateTime64(9, 'UTC'),
    area           LowCardinality(String), -- areaid of the event
    day            Date32, -- of checked_in_at, Europe/Helsinki
    checked_in_at  DateTime64(3, 'UTC'),
    person         UUID,
    household      UUID,
    party_size     UInt16,
    channel        LowCardinality(String),
    venue          LowCardinality(String),
    venue_area     LowCardinality(String),
    home_area      LowCardinality(String), -- '' unknown
    birth_year     UInt16, -- 0 unknown
    age_band       LowCardinality(String),
    age_scheme     LowCardinality(String),
    sex            LowCardinality(String), -- '1', '2' or ''
    activity_type  LowCardinality(String),
    provider       LowCardinality(String),
    referral_from  LowCardinality(String),
    transport_used Nullable(Bool),
    fee_cents      Nullable(Int64),
    key_version    UInt16
)
ENGINE = ReplacingMergeTree
PARTITION BY greatest(1999, least(2060, toYear(day)))
ORDER BY (scope, chain, identity, hash)
SETTINGS index_granularity = 512;

CREATE TABLE IF NOT EXISTS vointi_internal.facts_headcount
(
    scope                 String, -- session_id
    chain                 UUID,
    identity              UUID,
    hash                  UInt64,
    kind                  Enum8('original' = 0, 'corrected' = 1, 'voided' = 2),
    source                LowCardinality(String),
    id                    String,
    time                  DateTime64(9, 'UTC'),
    area                  LowCardinality(String),
    day                   Date32, -- of counted_at, Europe/Helsinki
    counter               String,
    counted_at            DateTime64(3, 'UTC'),
    venue                 LowCardinality(String),
    venue_area            LowCardinality(String),
    total                 UInt32,
    by_age                Nested(age_scheme String, age_group String, n UInt32),
    by_sex                Nested(sex String, n UInt32),
    includes_card_holders Bool,
    activity_type         LowCardinality(String),
    provider              LowCardinality(String),
    method                LowCardinality(String)
)
ENGINE = ReplacingMergeTree
PARTITION BY greatest(1999, least(2060, toYear(day)))
ORDER BY (scope, chain, identity, hash)
SETTINGS index_granularity = 512;

CREATE TABLE IF NOT EXISTS vointi_internal.facts_calendar
(
    scope            String, -- event_id
    chain            UUID, -- identity: a calendar event is superseded by a greater sequence, never amended
    identity         UUID,
    hash             UInt64,
    kind             Enum8('created' = 0, 'updated' = 1, 'cancelled' = 2, 'held' = 3),
    source           LowCardinality(String),
    id               String,
    time             DateTime64(9, 'UTC'),
    area             LowCardinality(String),
    sequence         Int64,
    series           LowCardinality(String),
    name             Map(LowCardinality(String), String),
    status           LowCardinality(String),
    start            DateTime64(3, 'UTC'),
    end              DateTime64(3, 'UTC'), -- 1970-01-01 unknown
    all_day          Bool,
    venue            LowCardinality(String),
    venue_area       LowCardinality(String), -- area_id
    provider         LowCardinality(String),
    activity_type    LowCardinality(String),
    class            LowCardinality(String),
    audience_min_age Nullable(UInt8),
    audience_max_age Nullable(UInt8),
    target_groups    Array(LowCardinality(String)),
    capacity_max     Nullable(UInt32),
    capacity_min     Nullable(UInt32),
    price_cents      Nullable(Int64),
    is_free          Nullable(Bool),
    keywords         Array(String),
    languages        Array(LowCardinality(String)),
    source_system    LowCardinality(String),
    source_url       String,
    last_modified    DateTime64(3, 'UTC'),
    actual_start     DateTime64(3, 'UTC'), -- 1970-01-01 unknown; held only
    actual_end       DateTime64(3, 'UTC'),
    attendance       Nullable(UInt32),
    pilot            LowCardinality(String) -- extension pilotid: the project that the session belongs to
)
ENGINE = ReplacingMergeTree
PARTITION BY greatest(1999, least(2060, toYear(start)))
ORDER BY (scope, chain, identity, hash)
SETTINGS index_granularity = 512;

CREATE TABLE IF NOT EXISTS vointi_internal.facts_wave
(
    scope      String, -- wave_id
    chain      UUID,
    identity   UUID,
    hash       UInt64,
    kind       Enum8('opened' = 0, 'closed' = 1),
    source     LowCardinality(String),
    id         String,
    time       DateTime64(9, 'UTC'),
    area       LowCardinality(String),
    starts     Date32,
    ends       Date32,
    instrument LowCardinality(String),
    version    LowCardinality(String),
    population String,
    strata     Nested(id String, area String, age_group String, n UInt32, sampled UInt32),
    mode       LowCardinality(String),
    languages  Array(LowCardinality(String))
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

CREATE TABLE IF NOT EXISTS vointi_internal.facts_response
(
    scope         String, -- wave_id
    chain         UUID,
    identity      UUID,
    hash          UInt64,
    source        LowCardinality(String),
    id            String,
    time          DateTime64(9, 'UTC'),
    area          LowCardinality(String),
    response      String, -- response_id; (scope, response) is the entity
    instrument    LowCardinality(String),
    version       LowCardinality(String),
    submitted_at  DateTime64(3, 'UTC'),
    complete      Bool,
    language      LowCardinality(String),
    stratum       LowCardinality(String),
    weight        Nullable(Float64),
    psu           String,
    home_area     LowCardinality(String), -- area_id
    age_band      LowCardinality(String),
    sex           LowCardinality(String),
    education     LowCardinality(String),
    target_groups Array(LowCardinality(String)),
    panel         String, -- panel_pseudonym
    items         Map(LowCardinality(String), Int32)
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

CREATE TABLE IF NOT EXISTS vointi_internal.facts_cost
(
    scope          String, -- area_id and month: KU305/2024-03
    chain          UUID,
    identity       UUID,
    hash           UInt64,
    kind           Enum8('original' = 0, 'corrected' = 1, 'voided' = 2), -- a reversal is 'voided'
    source         LowCardinality(String),
    id             String,
    time           DateTime64(9, 'UTC'),
    area           LowCardinality(String),
    entry          String, -- entry_id, the entity
    cost_area      LowCardinality(String), -- area_id
    posted_at      DateTime64(3, 'UTC'),
    period         Date32, -- first day of the month
    amount_cents   Int64,
    heading        LowCardinality(String),
    cost_kind      LowCardinality(String), -- actual, budget, commitment
    funder         LowCardinality(String),
    project        LowCardinality(String),
    provider       LowCardinality(String),
    session        String,
    allocation_key LowCardinality(String),
    price_year     UInt16, -- 0 not given
    INDEX by_entry entry TYPE bloom_filter GRANULARITY 1,
    INDEX by_session session TYPE bloom_filter GRANULARITY 1,
    INDEX by_project project TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash)
SETTINGS index_granularity = 512;

CREATE TABLE IF NOT EXISTS vointi_internal.facts_population
(
    scope        String, -- area_id and year: KU305/2024
    chain        UUID,
    identity     UUID,
    hash         UInt64,
    source       LowCardinality(String),
    id           String,
    time         DateTime64(9, 'UTC'),
    area         LowCardinality(String),
    home_area    LowCardinality(String), -- area_id
    year         UInt16, -- 31 December of
    sex          LowCardinality(String),
    age          LowCardinality(String), -- '0' … '100', or a band; with area, year and sex the entity
    count        UInt32,
    table_id     LowCardinality(String),
    retrieved_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

CREATE TABLE IF NOT EXISTS vointi_internal.facts_area
(
    scope      String, -- area_id, the entity
    chain      UUID,
    identity   UUID,
    hash       UInt64,
    source     LowCardinality(String),
    id         String,
    time       DateTime64(9, 'UTC'),
    area       LowCardinality(String),
    level      LowCardinality(String),
    code       String,
    name       Map(LowCardinality(String), String),
    parents    Nested(hierarchy String, area String),
    valid_from Date32,
    valid_to   Date32 -- 1970-01-01: still valid
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

CREATE TABLE IF NOT EXISTS vointi_internal.facts_period
(
    scope        String, -- period type and start: month/2024-03-01
    chain        UUID,
    identity     UUID,
    hash         UInt64,
    source       LowCardinality(String),
    id           String,
    time         DateTime64(9, 'UTC'),
    area         LowCardinality(String),
    period_type  LowCardinality(String),
    period_start Date32,
    closed_scope String
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Which scopes the events of a chain ever named ('' for a void). Two scopes for one chain: the entity moved, or two
-- events of one identity conflict; either way every one of these scopes must be looked at again.
CREATE TABLE IF NOT EXISTS vointi_internal.keys
(
    chain  UUID,
    family LowCardinality(String),
    scope  String
)
ENGINE = ReplacingMergeTree
ORDER BY (chain, family, scope)
SETTINGS index_granularity = 128;

-- What each batch touched. writer is one run of one ingester, wseq counts its batches from 1; its inserts are serial, so
-- a reader that has seen wseq has seen all before it. Facts and keys of a batch are stored before its changes.
CREATE TABLE IF NOT EXISTS vointi_internal.changes
(
    writer UUID,
    wseq   UInt64,
    family LowCardinality(String),
    scope  String,
    chain  UUID,
    at     DateTime64(3, 'UTC') -- when the batch was written; for pruning
)
ENGINE = ReplacingMergeTree
ORDER BY (writer, wseq, family, scope, chain)
SETTINGS index_granularity = 1024;

-- One row for every message of the stream: what became of it. Written last, before the ack.
CREATE TABLE IF NOT EXISTS vointi_internal.receipts
(
    stream_created DateTime64(3, 'UTC'), -- tells a stream from one made anew with the same name
    sequence       UInt64,
    received_at    DateTime64(3, 'UTC'), -- when the stream took it
    type           LowCardinality(String), -- '' if it could not be read
    identity       UUID, -- zero if it could not be read
    hash           UInt64,
    outcome        Enum8('stored' = 1, 'dead' = 2, 'erased' = 3),
    stored_at      DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(stored_at)
PARTITION BY toYYYYMM(received_at)
ORDER BY (stream_created, sequence);

-- Everything that could not be stored, with the reason. Kept 30 days.
CREATE TABLE IF NOT EXISTS vointi_internal.dead_letters
(
    stream_created DateTime64(3, 'UTC'),
    sequence       UInt64,
    source         String,
    id             String,
    type           String,
    subject        String, -- of the NATS message
    reason         LowCardinality(String), -- malformed, schema, unknown_type, subject_mismatch, foreign_original, too_large, unstorable
    detail         String, -- every fault
    headers        Map(String, String),
    payload        String,
    blanked        Bool, -- headers and payload were not kept: a personal identity code stood in the message
    received_at    DateTime64(3, 'UTC'),
    stored_at      DateTime64(3, 'UTC'),
    code_version   LowCardinality(String)
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY (stream_created, sequence)
TTL toDateTime(stored_at) + INTERVAL 30 DAY;

-- Dead letters whose message was published once more. The new message has receipts of its own.
CREATE TABLE IF NOT EXISTS vointi_internal.redrives
(
    stream_created DateTime64(3, 'UTC'),
    sequence       UInt64,
    redriven_at    DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(redriven_at)
ORDER BY (stream_created, sequence)
TTL toDateTime(redriven_at) + INTERVAL 60 DAY;
