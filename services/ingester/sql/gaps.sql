-- The sequences without a receipt. Receipts are read in the order of their key; duplicates, not merged yet, leave no gap.
SELECT before + 1, toUInt64(sequence - 1)
FROM
(
    SELECT
        sequence,
        lagInFrame(sequence, 1, toUInt64({from:UInt64} - 1)) OVER (
            ORDER BY sequence ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS before
    FROM
    (
        SELECT sequence
        FROM vointi_internal.receipts
        WHERE stream_created = fromUnixTimestamp64Milli({created:Int64}, 'UTC') AND sequence BETWEEN {from:UInt64} AND {to:UInt64}
        UNION ALL
        SELECT toUInt64({to:UInt64} + 1)
    )
)
WHERE sequence > before + 1
ORDER BY sequence
