-- The visits of persons; and for one with a past a row without a session, whose birth year says whether it is settled.
SELECT *
FROM
(
    $visits
)
UNION ALL
SELECT
    person,
    '',
    toInt32(0),
    toInt64(0),
    '',
    '',
    toUInt16(settled),
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    ''
FROM $state.past_persons FINAL
WHERE person IN ($persons)
