-- A receipt of what is erased holds no hash of it.
INSERT INTO vointi_internal.receipts (stream_created, sequence, received_at, type, identity, hash, outcome, stored_at)
SELECT
    stream_created,
    sequence,
    received_at,
    type,
    toUUID('00000000-0000-0000-0000-000000000000'),
    0,
    'erased',
    greatest(now64(3, 'UTC'), stored_at + toIntervalMillisecond(1))
FROM ($receipts)
