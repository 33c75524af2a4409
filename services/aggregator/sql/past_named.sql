-- Whether any check-in that is past still names its person.
SELECT count() AS rows
FROM
(
    SELECT 1
    FROM vointi_internal.facts_checkin
    WHERE $past AND person != toUUID('00000000-0000-0000-0000-000000000000')
    LIMIT 1
)
