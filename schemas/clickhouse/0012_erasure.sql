-- What must stay forgotten, whoever sends it again: pseudonyms, as hashes, and chains of events that an erased person ever
-- had a part in. Append only and never merged away: an ingester sees by the number of rows whether there is news.
CREATE TABLE IF NOT EXISTS vointi_internal.tombstones
(
    hash  String, -- SHA-256 of a pseudonym's 32 digits, in hexadecimal; '' in a row about a chain
    chain UUID, -- zero in a row about a pseudonym
    until DateTime64(9, 'UTC'), -- of a pseudonym: events up to here; of a chain every event, whatever its time
    at    DateTime64(3, 'UTC') -- when it was written
)
ENGINE = MergeTree
ORDER BY (hash, chain);

-- The accounts of erasures, by request: how much of each kind was found and is no more. Of several attempts the greatest
-- number counts, since an attempt that goes on after a crash finds less.
CREATE TABLE IF NOT EXISTS vointi_internal.erasures
(
    request UUID, -- identity of the request; zero: of tombstones that came by themselves, with late events
    what    LowCardinality(String), -- messages, dead_letters, a table; completed
    n       UInt64,
    at      DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(n)
ORDER BY (request, what);
