-- Cards as the last event of each has them: of one pseudonym, by when they were issued.
SELECT
    person,
    person AS pseudonym,
    toUnixTimestamp64Milli(issued_at) AS issued,
    if(kind = 'closed', toUnixTimestamp64Milli(if(closed_at = toDateTime64(0, 3, 'UTC'), toDateTime64(time, 3, 'UTC'), closed_at)), 0) AS closed,
    scope AS home_area,
    card_kind,
    household,
    arrayStringConcat(arraySort(arrayDistinct(target_groups)), ',') AS all_groups,
    chain
FROM
(
    SELECT *
    FROM vointi_internal.facts_card
    WHERE $where
    ORDER BY
        person,
        issued_at,
        time DESC,
        id DESC,
        hash DESC
    LIMIT 1 BY person, issued_at
)
