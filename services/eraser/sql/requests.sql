SELECT
    stream_created,
    sequence,
    received_at,
    type,
    stored_at
FROM vointi_internal.receipts FINAL
WHERE outcome = 'stored' AND type = 'card.erasure.requested.v1'
    AND identity IN ($identities)
SETTINGS do_not_merge_across_partitions_select_final = 1
