-- Each area as its last description has it.
SELECT
    scope AS area,
    level,
    code,
    name,
    parents.hierarchy AS hierarchies,
    parents.area AS above,
    toInt32(valid_from) AS valid_from,
    toInt32(valid_to) AS valid_to
FROM vointi_internal.facts_area
ORDER BY
    scope,
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY scope
