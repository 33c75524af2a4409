SELECT DISTINCT person
FROM $state.person_visits FINAL
WHERE day >= $from AND day < $to
