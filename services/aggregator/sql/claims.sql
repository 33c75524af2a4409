-- Every scope that these chains ever named; '' stands for a void. By the key of keys.
SELECT DISTINCT
    chain,
    family,
    scope
FROM vointi_internal.keys
WHERE chain IN ($chains)
