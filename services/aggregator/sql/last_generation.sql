-- The last generation, whole: one insert into one partition brought all of it or nothing.
SELECT
    gen,
    target,
    body
FROM $state.journal
WHERE gen = (SELECT max(gen) FROM $state.journal)
ORDER BY part
