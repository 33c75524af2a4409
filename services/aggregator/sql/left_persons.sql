-- Every pseudonym of persons of whom visits are left.
SELECT person
FROM $state.person_visits FINAL
UNION ALL
SELECT pseudonym
FROM $state.pseudonyms FINAL
WHERE person IN
(
    SELECT person
    FROM $state.person_visits FINAL
)
