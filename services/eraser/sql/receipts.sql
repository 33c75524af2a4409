-- Messages of these events that still count as stored.
SELECT
    stream_created,
    sequence,
    received_at,
    type,
    stored_at
FROM vointi_internal.receipts FINAL
WHERE outcome = 'stored' AND (identity, hash) IN ($victims)
SETTINGS do_not_merge_across_partitions_select_final = 1
