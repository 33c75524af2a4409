SELECT max(version)
FROM $state.publications
