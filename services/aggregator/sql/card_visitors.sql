-- Those of some persons who have visits.
SELECT DISTINCT person
FROM $state.person_visits FINAL
WHERE person IN ($persons)
