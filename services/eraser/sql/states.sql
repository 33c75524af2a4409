-- Rows that the aggregator once wrote about forgotten persons, and that are not what it says now.
SELECT count()
FROM vointi_internal.$table
WHERE $forgotten AND ($key, gen) NOT IN (SELECT $key, gen FROM vointi_internal.$table FINAL)
