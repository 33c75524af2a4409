SELECT
    scope,
    entity,
    measure,
    attribute,
    toInt32(since) AS since,
    toInt32(until) AS until,
    areas,
    dimension,
    member,
    value
FROM $state.postings FINAL
WHERE $where
