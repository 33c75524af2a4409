-- Headline indicators of the catalogue: one trend panel is repeated for each.
SELECT
    id,
    concat({{lang "name"}}, ' (', unit, ')') AS text
FROM vointi.catalogue
WHERE headline
ORDER BY text
