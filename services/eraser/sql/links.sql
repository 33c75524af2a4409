-- Pairs of pseudonyms of one card, as hashes: those of links that are stored, and of links that are erased.
SELECT DISTINCT
    lower(hex(SHA256(replaceAll(toString(old_pseudonym), '-', '')))) AS older,
    lower(hex(SHA256(replaceAll(toString(new_pseudonym), '-', '')))) AS newer
FROM vointi_internal.facts_rekey
UNION DISTINCT
SELECT
    hash AS older,
    linked AS newer
FROM vointi_internal.tombstones
WHERE linked != ''
