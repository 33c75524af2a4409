-- Residents on 31 December, each number as its last event has it.
SELECT
    home_area,
    year,
    sex,
    age,
    argMax(count, (time, id, hash)) AS residents
FROM vointi_internal.facts_population
GROUP BY
    home_area,
    year,
    sex,
    age
