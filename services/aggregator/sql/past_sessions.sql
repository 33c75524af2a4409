-- The sessions to which somebody came on some days. Parts are found by their years.
SELECT DISTINCT scope
FROM vointi_internal.facts_checkin
WHERE kind != 'voided' AND $days AND person != toUUID('00000000-0000-0000-0000-000000000000')
