-- Programmes that are described.
SELECT
    programme AS id,
    {{lang "name"}} AS text
FROM vointi.programmes
ORDER BY text
