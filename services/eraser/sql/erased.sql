-- Messages that the stream may still hold, though nothing of them may remain. Requests go last, so they are asked for by
-- themselves.
SELECT DISTINCT sequence
FROM vointi_internal.receipts FINAL
WHERE stream_created = fromUnixTimestamp64Milli({created:Int64}, 'UTC')
    AND sequence BETWEEN {first:UInt64} AND {last:UInt64}
    AND outcome = 'erased'
    AND (type = 'card.erasure.requested.v1') = {requests:Bool}
ORDER BY sequence
SETTINGS do_not_merge_across_partitions_select_final = 1
