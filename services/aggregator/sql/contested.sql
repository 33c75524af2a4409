-- The claims of every chain that was amended or may name more than one scope, since its key came more than once.
SELECT
    scope,
    chain,
    kind = 'original' AS original,
    kind = 'voided' AS void,
    time,
    id,
    hash
FROM vointi_internal.facts_$family
WHERE chain IN
(
    SELECT chain
    FROM vointi_internal.facts_$family
    WHERE kind != 'original'
)
OR chain IN
(
    SELECT chain
    FROM vointi_internal.keys
    WHERE family = '$family'
    GROUP BY chain
    HAVING count() > 1
)
SETTINGS optimize_aggregation_in_order = 1 -- keys is sorted by chain, so no table of ten million chains is built
