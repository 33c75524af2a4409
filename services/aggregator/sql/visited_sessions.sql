-- The sessions of some days at which persons were; rows that have been replaced may add others.
SELECT DISTINCT session
FROM $state.person_visits
WHERE person IN ($persons) AND $days
