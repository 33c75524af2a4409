-- The accounts: what became of every message. For operators.

-- Counts per hour of arrival and event type ('' where it could not be read):
--   received    messages of the stream
--   stored      those whose event is a fact, duplicates included
--   dead        those that are dead letters
--   erased      those whose event was erased
--   duplicates  stored ones that were not the first to bring their (identity, hash): they changed nothing
--   conflicts   stored ones that were the first to bring another hash for an identity that was there already
-- received = stored + dead + erased. First means first in the stream.
CREATE VIEW IF NOT EXISTS vointi.reconciliation
DEFINER = default SQL SECURITY DEFINER
AS
WITH
    facts AS
    (
        SELECT
            identity,
            hash,
            min((stream_created, sequence)) AS place,
            argMin(toStartOfHour(received_at), (stream_created, sequence)) AS hour,
            argMin(type, (stream_created, sequence)) AS type
        FROM vointi_internal.receipts FINAL
        WHERE outcome = 'stored'
        GROUP BY identity, hash
    ),
    messages AS
    (
        SELECT
            toStartOfHour(received_at) AS hour,
            type,
            count() AS received,
            countIf(outcome = 'stored') AS stored,
            countIf(outcome = 'dead') AS dead,
            countIf(outcome = 'erased') AS erased
        FROM vointi_internal.receipts FINAL
        GROUP BY hour, type
    ),
    distinct_facts AS
    (
        SELECT hour, type, count() AS facts
        FROM facts
        GROUP BY hour, type
    ),
    later_hashes AS
    (
        SELECT fact.2 AS hour, fact.3 AS type, count() AS conflicts
        FROM
        (
            SELECT arrayJoin(arrayPopFront(arraySort(groupArray((place, hour, type))))) AS fact
            FROM facts
            GROUP BY identity
            HAVING count() > 1
        )
        GROUP BY hour, type
    )
SELECT
    m.hour AS hour,
    m.type AS type,
    m.received AS received,
    m.stored AS stored,
    m.dead AS dead,
    m.erased AS erased,
    m.stored - f.facts AS duplicates,
    c.conflicts AS conflicts
FROM messages AS m
LEFT JOIN distinct_facts AS f ON f.hour = m.hour AND f.type = m.type
LEFT JOIN later_hashes AS c ON c.hour = m.hour AND c.type = m.type
SETTINGS
    do_not_merge_across_partitions_select_final = 1,
    max_bytes_before_external_group_by = 500000000;

-- What could not be stored, without what could be read out of it.
CREATE VIEW IF NOT EXISTS vointi.dead_letters
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    d.stream_created AS stream_created,
    d.sequence AS sequence,
    d.source AS source,
    d.id AS id,
    d.type AS type,
    d.subject AS subject,
    d.reason AS reason,
    d.detail AS detail,
    d.blanked AS blanked,
    length(d.payload) AS payload_bytes,
    d.received_at AS received_at,
    d.stored_at AS stored_at,
    d.code_version AS code_version,
    nullIf(r.redriven_at, toDateTime64(0, 3, 'UTC')) AS redriven_at
FROM vointi_internal.dead_letters AS d FINAL
LEFT JOIN
(
    SELECT stream_created, sequence, max(redriven_at) AS redriven_at
    FROM vointi_internal.redrives
    GROUP BY stream_created, sequence
) AS r ON r.stream_created = d.stream_created AND r.sequence = d.sequence;
