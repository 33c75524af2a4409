-- How many check-ins that name somebody there are of each day, at the earliest of one. Parts are found by their years.
SELECT
    toInt32(greatest(day, toDate32($from))) AS of_day,
    count() AS rows
FROM vointi_internal.facts_checkin
WHERE kind != 'voided' AND day < $to AND person != toUUID('00000000-0000-0000-0000-000000000000')
GROUP BY of_day
ORDER BY of_day
