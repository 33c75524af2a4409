-- Everything that events of these targets ever pointed to.
SELECT DISTINCT
    indicator,
    year
FROM vointi_internal.facts_target
WHERE scope IN ($targets)
