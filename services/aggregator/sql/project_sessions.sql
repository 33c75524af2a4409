SELECT session
FROM $state.project_sessions FINAL
WHERE (project, month) IN ($groups)
