-- Everything that was ever said of those check-ins: whoever it names, whenever it was.
SELECT identity, hash
FROM vointi_internal.facts_checkin
WHERE chain IN ($chains)
