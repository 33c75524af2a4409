-- Persons with visits.
SELECT DISTINCT person
FROM $state.person_visits FINAL
