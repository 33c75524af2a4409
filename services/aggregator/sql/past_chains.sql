-- The chains of which every check-in is past.
SELECT chain
FROM vointi_internal.facts_checkin
WHERE $past AND chain NOT IN
(
    SELECT chain
    FROM vointi_internal.facts_checkin
    WHERE kind != 'voided' AND NOT ($past) AND chain IN
    (
        SELECT chain
        FROM vointi_internal.facts_checkin
        WHERE kind != 'voided' AND day < $limit
    )
)
