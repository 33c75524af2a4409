-- Of each person the visits of before a day, and the first one from it on.
SELECT *
FROM
(
    $visits
)
ORDER BY
    person,
    day,
    at,
    session
LIMIT 1 BY person, if(day < $before, session, '')
