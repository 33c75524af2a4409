SELECT count()
FROM vointi_internal.tombstones
