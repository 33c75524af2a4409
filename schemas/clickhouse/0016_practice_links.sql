-- Which indicators and estimates stand behind cells of the matrix of a practice.
ALTER TABLE vointi_internal.facts_practice
    ADD COLUMN IF NOT EXISTS links.row Array(String),
    ADD COLUMN IF NOT EXISTS links.column Array(String),
    ADD COLUMN IF NOT EXISTS links.kind Array(String), -- indicator or estimate
    ADD COLUMN IF NOT EXISTS links.id Array(String);

-- One row for each link of a practice; those that it has as a whole, and no cell has, have no cell.
CREATE VIEW IF NOT EXISTS vointi.practice_links
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    practice_id,
    link.1 AS matrix_row,
    link.2 AS matrix_column,
    link.3 AS kind,
    link.4 AS id
FROM
(
    SELECT
        scope AS practice_id,
        arrayConcat(
            arrayZip(links.row, links.column, links.kind, links.id),
            arrayMap(i -> ('', '', 'indicator', toString(i)), arrayFilter(i -> NOT has(links.id, toString(i)), indicators)),
            arrayMap(e -> ('', '', 'estimate', e), arrayFilter(e -> NOT has(links.id, e), estimates))
        ) AS all_links
    FROM vointi_internal.facts_practice
    ORDER BY
        scope,
        time DESC,
        id DESC,
        hash DESC
    LIMIT 1 BY scope
)
ARRAY JOIN all_links AS link;
