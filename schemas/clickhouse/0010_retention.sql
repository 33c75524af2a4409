-- What is left of persons whose visits were taken away: no row of it tells when or where anybody was.

-- What visits that were taken away have given to cells, beyond what the visits that are left give. Together they are cells.
CREATE TABLE IF NOT EXISTS vointi_internal.past_cells AS vointi_internal.cells
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (period_type, period_start, area, measure, dimension, member, band, sex)
SETTINGS index_granularity = 512;

-- How many came to a session by check-ins that were taken away. Read by session.
CREATE TABLE IF NOT EXISTS vointi_internal.past_attendance
(
    session       String,
    card_visits   Int64, -- distinct persons
    extras        Int64, -- unnamed people who came with them
    until         Date32, -- check-ins of the session's from before are among these, or came too late to be
    at            DateTime64(3, 'UTC'), -- of the earliest of these check-ins, and what else it said of the session:
    day           Date32,
    area          LowCardinality(String),
    activity_type LowCardinality(String),
    provider      LowCardinality(String),
    gen           UInt64,
    deleted       UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY session
SETTINGS index_granularity = 256;

-- Persons with visits that are left, of whom earlier ones were taken away. Read by person.
CREATE TABLE IF NOT EXISTS vointi_internal.past_persons
(
    person  UUID,
    settled UInt8, -- the person cannot become newly active any more
    gen     UInt64,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY person
SETTINGS index_granularity = 64;

ALTER TABLE vointi_internal.sessions
    ADD COLUMN IF NOT EXISTS past UInt8 AFTER persons; -- past_attendance has a row of it
