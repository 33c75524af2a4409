-- Batches beyond the watermark, oldest first for each writer. $seen is a list of (writer, wseq).
SELECT
    writer,
    wseq,
    count() AS rows,
    countIf(family = 'erased') > 0 AS erasure
FROM vointi_internal.changes
WHERE $beyond
GROUP BY
    writer,
    wseq
ORDER BY
    writer,
    wseq
