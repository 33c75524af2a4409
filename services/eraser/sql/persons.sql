SELECT
    hash AS digest,
    max(until) AS upto
FROM vointi_internal.tombstones
WHERE hash != '' AND linked = ''
GROUP BY hash
