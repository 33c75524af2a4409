-- Of whom the events of some chains are.
SELECT DISTINCT person
FROM vointi_internal.facts_card
WHERE scope IN ($scopes) AND chain IN ($chains)
