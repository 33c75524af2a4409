-- Whether any row of a register that is past is still there.
SELECT count() AS rows
FROM
(
    SELECT 1
    FROM vointi_internal.$table
    WHERE $past
    LIMIT 1
)
