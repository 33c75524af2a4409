-- Entries of the register of partners while they are valid, without an end for five years after they were last heard of;
-- and once more, as confirmed, for 365 days after each confirmation.
SELECT
    scope,
    '' AS entity,
    'register_entries' AS measure,
    stretch.1 AS attribute,
    toInt32(greatest(stretch.2, valid_since)) AS since,
    toInt32(least(stretch.3, valid_until)) AS until,
    areas,
    'type' AS dimension,
    kind AS member,
    toInt64(1) AS value
FROM
(
    SELECT
        scope,
        argMax((partner_kind, if(empty(areas), area, arrayStringConcat(areas, ',')), valid_from, valid_to), (time, id, hash)) AS latest,
        latest.1 AS kind,
        latest.2 AS areas,
        if(latest.3 != toDate32(0), toInt32(latest.3), toInt32(min(toDate32(time, 'Europe/Helsinki')))) AS valid_since,
        if(latest.4 != toDate32(0), toInt32(latest.4 + 1), toInt32(addYears(max(toDate32(time, 'Europe/Helsinki')), 5))) AS valid_until,
        arraySort(groupUniqArrayIf(toInt32(toDate32(contact_confirmed_at, 'Europe/Helsinki')), contact_confirmed_at != toDateTime64(0, 3, 'UTC'))) AS confirmed,
        arrayMap((day, next) -> ('yes', day, if(next = 0, day + 366, least(day + 366, next))), confirmed, arrayPopFront(arrayPushBack(confirmed, 0))) AS fresh
    FROM vointi_internal.facts_partner
    WHERE $where
    GROUP BY scope
)
ARRAY JOIN arrayPushFront(fresh, ('', valid_since, valid_until)) AS stretch
WHERE since < until
