-- Cards, the links between their pseudonyms, and requests for erasure.

CREATE TABLE IF NOT EXISTS vointi_internal.facts_card
(
    scope           String, -- home_area_id; never the pseudonym, since scopes are repeated in changes
    chain           UUID,
    identity        UUID,
    hash            UInt64,
    source          LowCardinality(String),
    id              String,
    time            DateTime64(9, 'UTC'),
    area            LowCardinality(String),
    kind            Enum8('issued' = 1, 'closed' = 2),
    person          UUID,
    household       UUID, -- zero: none
    card_kind       LowCardinality(String), -- person, family or ''
    issued_at       DateTime64(3, 'UTC'),
    closed_at       DateTime64(3, 'UTC'), -- 1970-01-01: not told
    birth_year      UInt16, -- 0 unknown
    age_band        LowCardinality(String),
    age_scheme      LowCardinality(String),
    sex             LowCardinality(String), -- '1', '2' or ''
    language        LowCardinality(String),
    target_groups   Array(LowCardinality(String)),
    consent_version LowCardinality(String),
    key_version     UInt16
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Two pseudonyms of one card. All links are looked at together, so they share one scope.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_rekey
(
    scope         String, -- ''
    chain         UUID,
    identity      UUID,
    hash          UInt64,
    source        LowCardinality(String),
    id            String,
    time          DateTime64(9, 'UTC'),
    area          LowCardinality(String),
    old_pseudonym UUID,
    new_pseudonym UUID,
    key_version   UInt16
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);

-- Requests for erasure. The pseudonym itself is not here.
CREATE TABLE IF NOT EXISTS vointi_internal.facts_erasure
(
    scope    String, -- SHA-256 of the pseudonym's 32 digits, in hexadecimal
    chain    UUID,
    identity UUID,
    hash     UInt64,
    source   LowCardinality(String),
    id       String,
    time     DateTime64(9, 'UTC'), -- up to when everything is to be forgotten
    area     LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (scope, chain, identity, hash);
