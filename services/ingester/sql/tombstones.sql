SELECT
    hash,
    chain,
    until,
    linked
FROM vointi_internal.tombstones
