SELECT
    entry,
    area,
    toInt32(month) AS month,
    cents,
    kind,
    heading,
    provider,
    funded
FROM $state.bookings FINAL
WHERE entry IN ($entries)
