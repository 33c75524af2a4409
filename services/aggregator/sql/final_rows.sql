SELECT *
FROM vointi_internal.publications FINAL
WHERE revision > 0
