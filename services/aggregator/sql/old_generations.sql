-- The partitions of the journal that hold nothing but generations before the last one's partition.
SELECT DISTINCT intDiv(gen, 1000) AS part_of
FROM $state.journal
WHERE part_of < $before
ORDER BY part_of
