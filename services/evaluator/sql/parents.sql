-- The areas that hold some areas.
SELECT
    area,
    arraySort(mapValues(parents)) AS above
FROM vointi.areas
ORDER BY area
