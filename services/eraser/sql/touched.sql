-- What the aggregator must look at: every session that the chains ever named, whose keys are the last to go; and the shifts
-- and cards that it still knows of forgotten persons.
SELECT DISTINCT
    'erased' AS family,
    scope,
    chain
FROM vointi_internal.keys
WHERE family = 'checkin' AND scope != '' AND chain IN (SELECT chain FROM vointi_internal.tombstones WHERE hash = '')
UNION ALL
SELECT DISTINCT
    'shift' AS family,
    scope,
    toUUID('00000000-0000-0000-0000-000000000000') AS chain
FROM vointi_internal.shifts FINAL
WHERE lower(hex(SHA256(replaceAll(toString(volunteer), '-', '')))) IN (SELECT hash FROM vointi_internal.tombstones WHERE hash != '')
UNION ALL
SELECT DISTINCT
    'card' AS family,
    home_area AS scope,
    chain
FROM vointi_internal.cards FINAL
WHERE lower(hex(SHA256(replaceAll(toString(pseudonym), '-', '')))) IN (SELECT hash FROM vointi_internal.tombstones WHERE hash != '')
