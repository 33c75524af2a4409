-- Which periods have had a row published since a version. A row that is no more keeps the version of its end.
SELECT DISTINCT
    period_type,
    indicator,
    toInt32(period_start) AS start
FROM $state.publications
WHERE version > $version
