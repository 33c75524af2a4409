ALTER TABLE vointi_internal.$table DELETE
WHERE $past
