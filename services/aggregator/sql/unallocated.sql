SELECT
    entry,
    area,
    toInt32(month) AS month,
    cents
FROM $state.unallocated FINAL
WHERE entry IN ($entries)
