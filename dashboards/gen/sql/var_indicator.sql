-- Indicators of the catalogue: id, and the name in the chosen language with its unit.
SELECT
    id,
    concat({{lang "name"}}, ' (', unit, ')') AS text
FROM vointi.catalogue
ORDER BY
    headline DESC,
    text
