SELECT count()
FROM vointi_internal.facts_erasure
WHERE identity = '$request'
