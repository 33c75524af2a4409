-- The survey waves of which changes tell.
SELECT DISTINCT scope
FROM vointi_internal.changes
WHERE family IN ('wave', 'response')
    AND ($beyond)
