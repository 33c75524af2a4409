-- Pairs of pseudonyms of one card.
SELECT DISTINCT
    old_pseudonym,
    new_pseudonym
FROM vointi_internal.facts_rekey
