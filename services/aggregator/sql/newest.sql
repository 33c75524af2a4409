SELECT max(gen)
FROM $state.journal
