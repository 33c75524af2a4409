-- Good practices: what the cells of their matrices say.
SELECT
    practice_id,
    name_fi,
    name_sv,
    name_en,
    matrix_row,
    matrix_column,
    text_fi,
    text_sv,
    text_en
FROM vointi.practices
ORDER BY practice_id
