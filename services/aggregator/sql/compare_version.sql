SELECT max(version)
FROM $state.comparisons
