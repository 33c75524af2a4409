-- Rows of closed periods that are not published, since they would have to be hidden, and an earlier revision tells what they were: see
-- services/aggregator/withhold.go. What tells of them in longer periods is hidden as if they were hidden here.
CREATE TABLE IF NOT EXISTS vointi_internal.withheld
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
    gen          UInt64,
    deleted      UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (period_type, period_start, indicator, area, age_scheme, age_group, sex, dimension, member);
