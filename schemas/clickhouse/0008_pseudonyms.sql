-- Which person a pseudonym stands for, where it is another than the pseudonym itself: the least of all that are linked.
CREATE TABLE IF NOT EXISTS vointi_internal.pseudonyms
(
    pseudonym UUID,
    person    UUID,
    gen       UInt64,
    deleted   UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY pseudonym;
