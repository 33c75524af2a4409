-- Cards of which every event is past.
(pseudonym, issued_at) IN
(
    SELECT
        person,
        issued_at
    FROM vointi_internal.facts_card
    WHERE $past
)
AND (pseudonym, issued_at) NOT IN
(
    SELECT
        person,
        issued_at
    FROM vointi_internal.facts_card
    WHERE NOT ($past)
)
