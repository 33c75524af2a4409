-- The messages that brought an event.
SELECT
    sequence,
    received_at,
    emitter,
    toString(outcome)
FROM vointi_internal.receipts FINAL
WHERE identity = {identity:UUID}
ORDER BY
    stream_created,
    sequence
