-- The phases of a project: of each the last event that told it.
SELECT
    phase,
    areas,
    comparison_areas,
    toInt32(starts) AS starts,
    toInt32(ends) AS ends
FROM vointi_internal.facts_project
WHERE scope = {project:String}
ORDER BY
    phase,
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY phase
