-- Every row of the responses wanted, also those in which an item was left out later. Days are those of Europe/Helsinki.
SELECT
    scope,
    response,
    time,
    id,
    hash,
    home_area,
    toInt32(toDate32(submitted_at, 'Europe/Helsinki')) AS day,
    session,
    items
FROM vointi_internal.facts_response
WHERE (scope, response) IN
(
    SELECT
        scope,
        response
    FROM vointi_internal.facts_response
    WHERE $where
)
