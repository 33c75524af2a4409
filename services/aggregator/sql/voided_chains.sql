SELECT DISTINCT chain
FROM vointi_internal.keys
WHERE scope = '' AND family = 'cost'
