SELECT
    hash AS digest,
    max(until) AS upto
FROM vointi_internal.tombstones
WHERE hash != ''
GROUP BY hash
