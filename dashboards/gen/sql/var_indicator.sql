-- Indicators of the catalogue: id, and the name in the chosen language with its unit; those that wait for data last.
SELECT
    id,
    concat({{lang "name"}}, ' (', unit, ')') AS text
FROM vointi.catalogue
ORDER BY
    notEmpty(awaits),
    headline DESC,
    text
