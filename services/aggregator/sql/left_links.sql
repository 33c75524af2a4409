-- Pairs of pseudonyms of one card, without those of which nothing else is left.
SELECT DISTINCT
    old_pseudonym,
    new_pseudonym
FROM vointi_internal.facts_rekey
WHERE NOT ($past)
