-- Waves to which there are answers, with the day of the last one.
SELECT
    scope AS wave,
    toInt32(max(toDate32(submitted_at, 'Europe/Helsinki'))) AS last
FROM vointi_internal.facts_response
GROUP BY scope
ORDER BY scope
