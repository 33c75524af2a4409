-- How many rows that tell of a person there are of each day from one up to another. Of a row of a register it is the day from which on
-- nothing of it is of later, of an answer the end of its wave, if that comes after it.
SELECT
    toInt32(of) AS of_day,
    count() AS rows
FROM
(
    SELECT day AS of
    FROM vointi_internal.facts_checkin
    WHERE kind != 'voided' AND day >= $from AND day < $to AND person != toUUID('00000000-0000-0000-0000-000000000000')
    UNION ALL
    SELECT toDate32(starts, 'Europe/Helsinki') AS of
    FROM vointi_internal.facts_shift
    UNION ALL
    SELECT toDate32(at, 'Europe/Helsinki') AS of
    FROM vointi_internal.facts_registration
    UNION ALL
    SELECT greatest(toDate32(submitted_at, 'Europe/Helsinki'), ended) AS of
    FROM vointi_internal.facts_response
    LEFT JOIN
    (
        SELECT
            scope AS wave,
            max(ends) AS ended
        FROM vointi_internal.facts_wave
        GROUP BY scope
    ) AS waves ON wave = scope
    UNION ALL
    SELECT toDate32(greatest(issued_at, closed_at, toDateTime64(time, 3, 'UTC')), 'Europe/Helsinki') AS of
    FROM vointi_internal.facts_card
    UNION ALL
    SELECT toDate32(time, 'Europe/Helsinki') AS of
    FROM vointi_internal.facts_rekey
    UNION ALL
    SELECT toDate32(greatest(starts, ends, toDateTime64(time, 3, 'UTC')), 'Europe/Helsinki') AS of
    FROM vointi_internal.facts_volunteer
)
WHERE of >= $from AND of < $to
GROUP BY of_day
ORDER BY of_day
