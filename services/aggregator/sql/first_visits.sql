-- Who has visits on some days, and the first of these; rows that have been replaced may tell of an earlier one.
SELECT
    person,
    toInt32(min(day)) AS first_day
FROM $state.person_visits
WHERE $where
GROUP BY person
