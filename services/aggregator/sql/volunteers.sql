SELECT volunteer
FROM $state.shifts FINAL
WHERE $where
