SELECT
    stream_created,
    sequence,
    concat(source, ' ', id, ' ', type, ' ', subject, ' ', detail, ' ', toString(headers), ' ', payload),
    payload,
    blanked
FROM vointi_internal.dead_letters FINAL
ORDER BY stream_created, sequence
