-- Check-ins in which a forgotten person ever had a part, up to the time of the request.
SELECT DISTINCT f.chain
FROM vointi_internal.facts_checkin AS f
INNER JOIN ($persons) AS p ON p.digest = lower(hex(SHA256(replaceAll(toString(f.person), '-', ''))))
WHERE f.time <= p.upto
