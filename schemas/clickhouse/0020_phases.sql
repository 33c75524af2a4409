-- Programmes with the phases of their projects, in time: of each phase the last event that told it, its days and its areas.
DROP VIEW IF EXISTS vointi.programmes;

CREATE VIEW vointi.programmes
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    programme,
    name['fi'] AS name_fi,
    name['sv'] AS name_sv,
    name['en'] AS name_en,
    target_group['fi'] AS target_group_fi,
    target_group['sv'] AS target_group_sv,
    target_group['en'] AS target_group_en,
    project AS project_id,
    programmes.areas AS areas,
    comparison_areas,
    nullIf(programmes.starts, toDate32(0)) AS starts,
    nullIf(programmes.ends, toDate32(0)) AS ends,
    funders,
    perspective,
    price_year,
    discount_rate,
    refusal,
    phases.phase AS phase_names,
    phases.from_days AS phase_starts,
    arrayMap(day -> nullIf(day, toDate32(0)), phases.to_days) AS phase_ends,
    phases.places AS phase_areas,
    computed_at
FROM vointi_internal.programmes AS programmes FINAL
LEFT JOIN
(
    SELECT
        scope,
        groupArray(phase) AS phase,
        groupArray(starts) AS from_days,
        groupArray(ends) AS to_days,
        groupArray(areas) AS places
    FROM
    (
        SELECT scope, phase, starts, ends, areas
        FROM
        (
            SELECT scope, phase, starts, ends, areas
            FROM vointi_internal.facts_project
            ORDER BY
                scope,
                phase,
                time DESC,
                id DESC,
                hash DESC
            LIMIT 1 BY scope, phase
        )
        ORDER BY
            scope,
            starts,
            phase
    )
    GROUP BY scope
) AS phases ON phases.scope = programmes.project;
