-- Shifts from the limit on, each as its last event has it; one of no hours was taken back. What the session was is not known here.
SELECT
    scope,
    volunteer,
    partner,
    starts,
    toInt32(toDate32(starts, 'Europe/Helsinki')) AS day,
    shift_area,
    age_band,
    centihours,
    event,
    '' AS activity_type
FROM
(
    SELECT *
    FROM vointi_internal.facts_shift
    WHERE ($where) AND toDate32(starts, 'Europe/Helsinki') >= $limit
    ORDER BY
        scope,
        volunteer,
        partner,
        starts,
        time DESC,
        id DESC,
        hash DESC
    LIMIT 1 BY scope, volunteer, partner, starts
)
WHERE centihours > 0
