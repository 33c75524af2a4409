-- What the batches touched; a prefix of the key of changes.
SELECT DISTINCT
    family,
    scope,
    chain
FROM vointi_internal.changes
WHERE $batches
