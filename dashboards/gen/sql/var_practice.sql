-- Good practices that are described.
SELECT
    practice_id AS id,
    any({{lang "name"}}) AS text
FROM vointi.practices
GROUP BY id
ORDER BY text
