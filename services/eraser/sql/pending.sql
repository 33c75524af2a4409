-- Requests that are not completed; and the zero identity while there are tombstones that no erasure has looked at.
SELECT identity
FROM vointi_internal.facts_erasure
WHERE identity NOT IN
(
    SELECT request
    FROM vointi_internal.erasures
    WHERE what = 'completed'
)
GROUP BY identity
UNION ALL
SELECT toUUID('00000000-0000-0000-0000-000000000000')
WHERE (SELECT count() FROM vointi_internal.tombstones) > (SELECT max(n) FROM vointi_internal.erasures WHERE what = 'tombstones')
