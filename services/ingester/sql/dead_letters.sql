-- A letter whose message was stored after all, by a replay with newer code, is no dead letter any more.
SELECT stream_created, sequence, source, id, type, subject, reason, detail, headers, payload, blanked, received_at,
    stored_at, code_version, r.redriven_at
FROM vointi_internal.dead_letters AS d FINAL
LEFT JOIN
(
    SELECT stream_created, sequence, max(redriven_at) AS redriven_at
    FROM vointi_internal.redrives
    GROUP BY stream_created, sequence
) AS r USING (stream_created, sequence)
WHERE (stream_created, sequence) NOT IN
(
    SELECT stream_created, sequence
    FROM vointi_internal.receipts FINAL
    WHERE outcome = 'stored'
        AND (stream_created, sequence) IN (SELECT stream_created, sequence FROM vointi_internal.dead_letters)
)
    AND ({reason:String} = '' OR reason = {reason:String})
    AND ({type:String} = '' OR type IN ({type:String}, concat('fi.vointi.', {type:String})))
    AND ({redriven:Bool} OR r.redriven_at = toDateTime64(0, 3, 'UTC'))
    AND (stream_created, sequence) > (fromUnixTimestamp64Milli({after_created:Int64}, 'UTC'), {after_sequence:UInt64})
ORDER BY stream_created, sequence
LIMIT {limit:UInt64}
