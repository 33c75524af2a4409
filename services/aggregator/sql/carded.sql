-- Of whom these events were when they were taken in.
SELECT DISTINCT person
FROM $state.cards
WHERE chain IN ($chains)
