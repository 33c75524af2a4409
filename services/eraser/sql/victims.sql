SELECT f.identity, f.hash
FROM vointi_internal.facts_$family AS f
INNER JOIN ($persons) AS p ON p.digest = lower(hex(SHA256(replaceAll(toString(f.$person), '-', ''))))
WHERE f.time <= p.upto
