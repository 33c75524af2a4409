SELECT DISTINCT scope
FROM vointi_internal.facts_checkin
WHERE kind != 'voided' AND day < $to AND person != toUUID('00000000-0000-0000-0000-000000000000')
