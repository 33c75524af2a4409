-- Cards as their last events have them: whose they are, in which target groups, and of which household.
CREATE TABLE IF NOT EXISTS vointi_internal.cards
(
    person        UUID, -- whom the pseudonym stands for
    pseudonym     UUID,
    issued_at     DateTime64(3, 'UTC'),
    closed_at     DateTime64(3, 'UTC'), -- 1970-01-01: in force
    home_area     LowCardinality(String),
    card_kind     LowCardinality(String), -- 'family', or '' for all others
    household     UUID, -- zero: none
    target_groups LowCardinality(String), -- sorted, with commas between
    chain         UUID, -- of the last event
    gen           UInt64,
    deleted       UInt8,
    INDEX by_household household TYPE bloom_filter GRANULARITY 1,
    INDEX by_chain chain TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (person, pseudonym, issued_at)
SETTINGS index_granularity = 256;
