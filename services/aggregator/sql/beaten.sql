SELECT
    scope,
    family,
    chain,
    toUInt8(reason) AS reason
FROM $state.beaten FINAL
WHERE $where
ORDER BY scope
