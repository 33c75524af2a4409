SELECT DISTINCT f.identity, f.hash
FROM
(
    SELECT identity, hash, time, arrayJoin([old_pseudonym, new_pseudonym]) AS person
    FROM vointi_internal.facts_rekey
) AS f
INNER JOIN ($persons) AS p ON p.digest = lower(hex(SHA256(replaceAll(toString(f.person), '-', ''))))
WHERE f.time <= p.upto
