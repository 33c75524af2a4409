-- Who pays for a project, beside the municipality.
SELECT DISTINCT funder
FROM vointi_internal.facts_cost
WHERE project = {project:String} AND funder != ''
ORDER BY funder
