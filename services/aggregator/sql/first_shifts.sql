-- The scopes that have shifts on some days, and the first of these; rows that have been replaced may tell of an earlier one.
SELECT
    scope,
    toInt32(min(day)) AS first_day
FROM $state.shifts
WHERE $where
GROUP BY scope
