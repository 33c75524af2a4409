-- Targets, and what published figures say beside each other.

CREATE TABLE IF NOT EXISTS vointi_internal.facts_target
(
    scope       String, -- target_id, the entity
    chain       UUID,
    identity    UUID,
    hash        UInt64,
    source      LowCardinality(String),
    id          String,
    time        DateTime64(9, 'UTC'),
    area        LowCardinality(String),
    indicator   LowCardinality(String),
    target_area LowCardinality(String),
    age_scheme  LowCardinality(String),
    age_group   LowCardinality(String), -- '': everybody
    year        UInt16,
    value       Float64,
    set_by      String,
    set_at      DateTime64(3, 'UTC') -- 1970-01-01: not told
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Comparisons: a pure function of the published rows, the reference data and a day. Made by the aggregator after each
-- publication of breakdowns; the greatest version wins. A row stands for the published row with the same key and one
-- comparator. Where it cannot be calculated its numbers are NULL and reason says why:
-- protected, no_data, no_interval, period_not_over, series_break, no_rank, too_few_groups, not_calculable; of a target
-- for what has no better side: no_direction; of trend5 too_few_points, missing_value, missing_interval, not_significant, one_point_decides, increasing,
-- decreasing; of a gap whose reference contains the group, beside its numbers: includes_itself.
-- No partitions, and the key begins like that of publications, for the same reasons.
CREATE TABLE IF NOT EXISTS vointi_internal.comparisons
(
    indicator    LowCardinality(String),
    area         LowCardinality(String),
    age_scheme   LowCardinality(String),
    age_group    LowCardinality(String),
    sex          LowCardinality(String),
    dimension    LowCardinality(String),
    member       LowCardinality(String),
    period_type  LowCardinality(String),
    period_start Date32,
    wave         LowCardinality(String),
    comparator   LowCardinality(String),
    difference   Nullable(Float64), -- or ratio: see unit
    lower95      Nullable(Float64),
    upper95      Nullable(Float64),
    unit         LowCardinality(String), -- that of the indicator, pp for percentages, % of the earlier count, ratio, index, … a year
    p            Nullable(Float64), -- two-sided
    p_adjusted   Nullable(Float64), -- Benjamini–Hochberg over all areas and groups of one indicator, period and comparator
    verdict      LowCardinality(String),
    reason       LowCardinality(String),
    computed_at  DateTime64(3, 'UTC'),
    version      UInt64, -- counts writings
    deleted      UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (period_type, indicator, area, period_start, wave, age_scheme, age_group, sex, dimension, member, comparator)
SETTINGS index_granularity = 1024;

CREATE VIEW IF NOT EXISTS vointi.comparisons
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
    comparator,
    difference,
    lower95,
    upper95,
    unit,
    p,
    p_adjusted,
    verdict,
    reason,
    computed_at
FROM vointi_internal.comparisons FINAL;

-- The target in force of each indicator, area, group and year: of each target its last event, and of several targets for
-- one of these the one that was set last.
CREATE VIEW IF NOT EXISTS vointi.targets
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    indicator,
    target_area AS area,
    age_scheme,
    target_group AS age_group,
    year,
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
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY indicator, target_area, age_scheme, target_group, year;

-- What a decision-maker sees: municipality and above.
CREATE VIEW IF NOT EXISTS vointi.decision_comparisons
DEFINER = default SQL SECURITY DEFINER
AS
SELECT *
FROM vointi.comparisons
WHERE area IN
(
    SELECT area
    FROM vointi_internal.areas FINAL
    WHERE level IN ('municipality', 'county', 'region', 'country')
);

CREATE VIEW IF NOT EXISTS vointi.decision_targets
DEFINER = default SQL SECURITY DEFINER
AS
SELECT *
FROM vointi.targets
WHERE area IN
(
    SELECT area
    FROM vointi_internal.areas FINAL
    WHERE level IN ('municipality', 'county', 'region', 'country')
);
