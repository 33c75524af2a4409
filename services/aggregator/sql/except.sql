-- Rows of the left that the right does not have.
SELECT
    count() AS n,
    toString(any(tuple($columns))) AS example
FROM
(
    SELECT $columns
    FROM $left
    EXCEPT
    SELECT $columns
    FROM $right
)
