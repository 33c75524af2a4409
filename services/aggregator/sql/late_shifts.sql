-- How many of the changed shifts are of days before the limit.
SELECT count() AS rows
FROM vointi_internal.facts_shift
WHERE chain IN ($chains) AND toDate32(starts, 'Europe/Helsinki') < $limit
