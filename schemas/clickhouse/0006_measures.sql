-- What the measures of costs, feedback, referrals, audiences, response rates and cumulative targets need.

-- Cost entries in force, of every kind, by entry: what they add to cells.
CREATE TABLE IF NOT EXISTS vointi_internal.bookings
(
    entry    String,
    area     LowCardinality(String),
    month    Date32,
    cents    Int64,
    kind     LowCardinality(String), -- actual, budget, commitment
    heading  LowCardinality(String),
    provider LowCardinality(String),
    funded   UInt8, -- a funder is named
    gen      UInt64,
    deleted  UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY entry
SETTINGS index_granularity = 256;

-- Answers to the items that are followed by month, in force, with what the session says that they are about.
CREATE TABLE IF NOT EXISTS vointi_internal.answers
(
    wave          String,
    response      String,
    item          LowCardinality(String),
    day           Date32, -- of submitted_at, Europe/Helsinki
    area          LowCardinality(String),
    code          Int32,
    session       String, -- '' none
    activity_type LowCardinality(String), -- of the session; '' unknown
    provider      LowCardinality(String),
    gen           UInt64,
    deleted       UInt8,
    INDEX by_session session TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (wave, response, item)
SETTINGS index_granularity = 256;

-- Which visits name a session as where the person was referred from: looked up when that session changes.
CREATE TABLE IF NOT EXISTS vointi_internal.referrals
(
    origin  String,
    person  UUID,
    session String,
    gen     UInt64,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (origin, person, session)
SETTINGS index_granularity = 256;

ALTER TABLE vointi_internal.person_visits
    ADD COLUMN IF NOT EXISTS referral String AFTER provider, -- where the person was referred from; '' nowhere
    ADD COLUMN IF NOT EXISTS origin_area LowCardinality(String) AFTER referral, -- of the session that it names, else of the visit's own
    ADD COLUMN IF NOT EXISTS origin_activity LowCardinality(String) AFTER origin_area,
    ADD COLUMN IF NOT EXISTS origin_provider LowCardinality(String) AFTER origin_activity;

ALTER TABLE vointi_internal.sessions
    ADD COLUMN IF NOT EXISTS audience_min Int32 DEFAULT -1 AFTER capacity, -- years of age; -1 no limit
    ADD COLUMN IF NOT EXISTS audience_max Int32 DEFAULT -1 AFTER audience_min;

ALTER TABLE vointi_internal.facts_response
    ADD COLUMN IF NOT EXISTS session String AFTER target_groups; -- session_id; '' none

ALTER TABLE vointi_internal.facts_wave
    ADD COLUMN IF NOT EXISTS strata_sex Array(String) AFTER strata; -- of each stratum; '' both; empty in rows from before there was any

ALTER TABLE vointi_internal.facts_target
    ADD COLUMN IF NOT EXISTS starts Date32 DEFAULT toDate32(0) AFTER year; -- 1970-01-01: the target is of the year by itself

ALTER TABLE vointi_internal.catalogue
    ADD COLUMN IF NOT EXISTS awaits Array(String) AFTER decimals; -- what an indicator without data waits for

-- Why an indicator has no data: empty for those that are fed.
DROP VIEW IF EXISTS vointi.catalogue;

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
    numerator_text,
    denominator_text,
    unit,
    direction,
    area_basis,
    method,
    breakdowns,
    period_types,
    decimals,
    awaits
FROM vointi_internal.catalogue FINAL;

-- Published rows; and of each indicator that cannot be fed yet, and of each of its period types, one that says so: for the
-- country and the running period, with what it waits for as flags. Those rows are made by the catalogue, and are stored and
-- compared nowhere.
DROP VIEW IF EXISTS vointi.indicators;

CREATE VIEW vointi.indicators
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
FROM vointi_internal.publications FINAL
UNION ALL
SELECT
    id AS indicator,
    'SSS' AS area,
    '' AS age_scheme,
    'all' AS age_group,
    'all' AS sex,
    '' AS dimension,
    'all' AS member,
    arrayJoin(period_types) AS period_type,
    toDate32(multiIf(
        period_type = 'week', toMonday(toDate(now('Europe/Helsinki'))),
        period_type = 'month', toStartOfMonth(toDate(now('Europe/Helsinki'))),
        period_type = 'quarter', toStartOfQuarter(toDate(now('Europe/Helsinki'))),
        period_type = 'year', toStartOfYear(toDate(now('Europe/Helsinki'))),
        period_type = 'rolling_12m', addMonths(toStartOfMonth(toDate(now('Europe/Helsinki'))), -11),
        toDate(now('Europe/Helsinki')))) AS period_start,
    '' AS wave,
    NULL AS value,
    NULL AS lower95,
    NULL AS upper95,
    NULL AS lower998,
    NULL AS upper998,
    NULL AS numerator,
    NULL AS denominator,
    '' AS denominator_kind,
    NULL AS crude_value,
    NULL AS respondents,
    NULL AS effective_sample_size,
    unit,
    direction,
    method,
    'no_data' AS status,
    '' AS suppressed,
    arrayMap(what -> concat('awaits ', what), awaits) AS flags,
    0 AS revision,
    '' AS reason,
    fromUnixTimestamp64Milli(toInt64(version), 'UTC') AS computed_at
FROM vointi_internal.catalogue FINAL
WHERE notEmpty(awaits);

-- Targets, as 0005 explains. Those that have starts count from that day on, until they are reached or their year ends; the
-- others are of their year.
DROP VIEW IF EXISTS vointi.targets;

CREATE VIEW vointi.targets
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    indicator,
    target_area AS area,
    age_scheme,
    target_group AS age_group,
    year,
    target_starts AS starts,
    value,
    scope AS target_id,
    set_by AS source,
    target_set_at AS set_at
FROM
(
    SELECT
        scope,
        time,
        id,
        hash,
        indicator,
        target_area,
        age_scheme,
        if(age_group = '', 'all', age_group) AS target_group,
        year,
        nullIf(starts, toDate32(0)) AS target_starts,
        value,
        set_by,
        nullIf(set_at, toDateTime64(0, 3, 'UTC')) AS target_set_at
    FROM vointi_internal.facts_target
    ORDER BY
        scope,
        time DESC,
        id DESC,
        hash DESC
    LIMIT 1 BY scope
)
ORDER BY
    indicator,
    target_area,
    age_scheme,
    target_group,
    year,
    isNull(target_starts),
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY indicator, target_area, age_scheme, target_group, year, isNull(target_starts);
