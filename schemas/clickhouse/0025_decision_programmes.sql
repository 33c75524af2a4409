-- What a decision-maker sees: programmes that are tried in municipalities and above, and compared with such. An estimate's inputs show the figures
-- of every area that it rests on.
DROP VIEW IF EXISTS vointi.decision_programmes;

CREATE VIEW vointi.decision_programmes
DEFINER = default SQL SECURITY DEFINER
AS
SELECT *
FROM vointi.programmes
WHERE NOT arrayExists(
    place -> place NOT IN
    (
        SELECT area
        FROM vointi_internal.areas FINAL
        WHERE level IN ('municipality', 'county', 'region', 'country')
    ), arrayConcat(areas, comparison_areas));
