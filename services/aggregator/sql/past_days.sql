-- How many rows that tell of a person there are of each day, at the earliest of one. Parts are found by their years. Answers are
-- taken away by their waves.
SELECT
    toInt32(greatest(of, toDate32($from))) AS of_day,
    count() AS rows
FROM
(
    SELECT day AS of
    FROM vointi_internal.facts_checkin
    WHERE kind != 'voided' AND day < $to AND person != toUUID('00000000-0000-0000-0000-000000000000')
    UNION ALL
    SELECT toDate32(starts, 'Europe/Helsinki') AS of
    FROM vointi_internal.facts_shift
    WHERE of < $to
    UNION ALL
    SELECT toDate32(at, 'Europe/Helsinki') AS of
    FROM vointi_internal.facts_registration
    WHERE of < $to
    UNION ALL
    SELECT toDate32(submitted_at, 'Europe/Helsinki') AS of
    FROM vointi_internal.facts_response
    WHERE of < $to
)
GROUP BY of_day
ORDER BY of_day
