-- Pairs of pseudonyms of one card, as hashes.
SELECT DISTINCT
    lower(hex(SHA256(replaceAll(toString(old_pseudonym), '-', '')))) AS older,
    lower(hex(SHA256(replaceAll(toString(new_pseudonym), '-', '')))) AS newer
FROM vointi_internal.facts_rekey
