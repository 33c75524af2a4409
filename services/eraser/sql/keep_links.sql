-- Links of forgotten persons, before they are erased.
INSERT INTO vointi_internal.tombstones (hash, chain, until, at, linked)
SELECT
    older,
    toUUID('00000000-0000-0000-0000-000000000000'),
    toDateTime64(0, 9, 'UTC'),
    now64(3, 'UTC'),
    newer
FROM ($links)
WHERE (older IN ($forgotten) OR newer IN ($forgotten))
    AND (older, newer) NOT IN (SELECT hash, linked FROM vointi_internal.tombstones WHERE linked != '')
