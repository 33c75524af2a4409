-- Who had a message published: the emitter whose token it came with over HTTP, or local, or operator; '' when it was published on
-- the bus itself, and of what is erased.
ALTER TABLE vointi_internal.receipts
    ADD COLUMN IF NOT EXISTS emitter LowCardinality(String);

-- Who published what, per hour of arrival, emitter and event type ('' where it could not be read), and what became of it. An
-- edge says who it was; direct is what came over the bus itself, and what is erased. For operators.
CREATE VIEW IF NOT EXISTS vointi.emitters
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    toStartOfHour(received_at) AS hour,
    if(emitter = '', 'direct', emitter) AS emitter,
    type,
    count() AS received,
    countIf(outcome = 'stored') AS stored,
    countIf(outcome = 'dead') AS dead,
    countIf(outcome = 'erased') AS erased
FROM vointi_internal.receipts FINAL
GROUP BY hour, emitter, type
SETTINGS do_not_merge_across_partitions_select_final = 1;
