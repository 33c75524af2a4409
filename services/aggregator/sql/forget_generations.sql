ALTER TABLE $state.journal DELETE
WHERE gen < $last
