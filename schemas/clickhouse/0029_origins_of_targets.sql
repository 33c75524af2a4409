-- When targets were read from where they are published, and under which licence; 1970-01-01 and '': not told.
DROP VIEW IF EXISTS vointi.targets;

ALTER TABLE vointi_internal.facts_target
    ADD COLUMN IF NOT EXISTS retrieved_at DateTime64(3, 'UTC') AFTER set_at,
    ADD COLUMN IF NOT EXISTS licence LowCardinality(String) AFTER retrieved_at;

-- Targets, as 0005 and 0006 explain.
CREATE VIEW vointi.targets
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    indicator,
    target_area AS area,
    age_scheme,
    target_group AS age_group,
    year,
    target_starts AS starts,
    value,
    scope AS target_id,
    set_by AS source,
    target_set_at AS set_at,
    target_licence AS licence,
    target_retrieved_at AS retrieved_at
FROM
(
    SELECT
        scope,
        time,
        id,
        hash,
        indicator,
        target_area,
        age_scheme,
        if(age_group = '', 'all', age_group) AS target_group,
        year,
        nullIf(starts, toDate32(0)) AS target_starts,
        value,
        set_by,
        nullIf(set_at, toDateTime64(0, 3, 'UTC')) AS target_set_at,
        licence AS target_licence,
        nullIf(retrieved_at, toDateTime64(0, 3, 'UTC')) AS target_retrieved_at
    FROM vointi_internal.facts_target
    ORDER BY
        scope,
        time DESC,
        id DESC,
        hash DESC
    LIMIT 1 BY scope
)
ORDER BY
    indicator,
    target_area,
    age_scheme,
    target_group,
    year,
    isNull(target_starts),
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY indicator, target_area, age_scheme, target_group, year, isNull(target_starts);
