-- The practice as a matrix: what it means for whom.
SELECT
    {{matrix_row "r"}} AS `For whom`,
    anyIf(said, matrix_column = 'problem') AS `Problem or need`,
    anyIf(said, matrix_column = 'solution') AS `Solution`,
    anyIf(said, matrix_column = 'results') AS `Results and benefits`
FROM
(
    SELECT arrayJoin(['client', 'service', 'society']) AS r
) AS matrix_rows
LEFT JOIN
(
    SELECT
        matrix_row,
        matrix_column,
        {{lang "text"}} AS said
    FROM vointi.practices
    WHERE practice_id = ${practice:singlequote}
) AS cells ON cells.matrix_row = r
GROUP BY r
ORDER BY indexOf(['client', 'service', 'society'], r)
