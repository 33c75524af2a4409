ALTER TABLE vointi_internal.keys DELETE
WHERE family = $family AND chain IN
(
    SELECT chain
    FROM vointi_internal.$table
    WHERE $past
)
