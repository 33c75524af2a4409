-- Persons with cards who have visits.
SELECT DISTINCT person
FROM $state.person_visits FINAL
WHERE person IN (SELECT person FROM $state.cards)
