SELECT
    stream_created,
    sequence,
    received_at,
    type,
    stored_at
FROM vointi_internal.receipts FINAL
WHERE outcome = 'dead' AND (toUnixTimestamp64Milli(stream_created), sequence) IN ($letters)
SETTINGS do_not_merge_across_partitions_select_final = 1
