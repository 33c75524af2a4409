-- Agreements while they are in force: from valid_from, or else the day on which they were first heard of, to the last day. Without an
-- end they are followed for twenty years after they were last heard of.
WITH argMax(said, (time, id, hash)) AS latest
SELECT
    scope,
    '' AS entity,
    'agreements' AS measure,
    '' AS attribute,
    if(latest.4 != toDate32(0), toInt32(latest.4), toInt32(min(toDate32(time, 'Europe/Helsinki')))) AS since,
    toInt32(multiIf(
        latest.5 != toDate32(0), toInt32(latest.5) + 1,
        latest.1 = 'ended', toInt32(latest.6) + 1,
        toInt32(addYears(max(toDate32(time, 'Europe/Helsinki')), 20))
    )) AS until,
    latest.3 AS areas,
    'type' AS dimension,
    latest.2 AS member,
    toInt64(1) AS value
FROM
(
    SELECT
        scope,
        time,
        (kind, partner_kind, if(empty(areas), area, arrayStringConcat(areas, ',')), valid_from, valid_to, toDate32(time, 'Europe/Helsinki')) AS said,
        id,
        hash
    FROM vointi_internal.facts_agreement
    WHERE $where
)
GROUP BY scope
HAVING since < until
