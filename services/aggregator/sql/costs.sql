-- Every row of the cost entries wanted, reversed or not; found by a skip index.
SELECT
    scope,
    chain,
    time,
    id,
    hash,
    entry,
    cost_area,
    toInt32(period) AS month,
    amount_cents,
    project,
    session,
    allocation_key,
    cost_kind,
    heading,
    provider,
    funder != '' AS funded
FROM vointi_internal.facts_cost
WHERE (kind = 'original') AND $where
