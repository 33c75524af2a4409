-- Claims of check-ins that are not in force, of chains that are past.
SELECT
    scope,
    family,
    chain,
    toUInt8(reason) AS reason
FROM $state.beaten FINAL
WHERE family = 'checkin' AND chain IN ($chains)
