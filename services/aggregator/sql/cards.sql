SELECT
    person,
    pseudonym,
    toUnixTimestamp64Milli(issued_at) AS issued,
    toUnixTimestamp64Milli(closed_at) AS closed,
    home_area,
    card_kind,
    household,
    target_groups,
    chain
FROM $state.cards FINAL
WHERE $where
