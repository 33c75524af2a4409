-- Figures that others published, of Sotkanet and the like, as they gave them: beside our own, to read them by. They are no
-- indicators of the catalogue, and nothing is computed of them.
CREATE VIEW IF NOT EXISTS vointi.imported
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    origin,
    external AS external_id,
    imported_area AS area,
    year,
    if(sex = '', 'all', sex) AS sex,
    value,
    abs_value,
    licence,
    retrieved_at
FROM vointi_internal.facts_imported
ORDER BY
    scope,
    facts_imported.sex,
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY
    scope,
    facts_imported.sex;
