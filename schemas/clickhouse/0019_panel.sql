-- How the same persons' answers changed from one wave of a questionnaire to the next, by area. These are rows of publications with the dimension
-- 'panel' and the earlier wave as the member: protected, closed and revised as all others. Only the evaluator reads them, and tells of
-- them what an estimate rests on.
CREATE VIEW IF NOT EXISTS vointi_internal.panel_changes
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    indicator,
    area,
    rows.wave AS wave,
    period_start,
    member AS before,
    waves.before_start AS before_start,
    value,
    lower95,
    upper95,
    respondents,
    status,
    suppressed
FROM vointi_internal.publications AS rows FINAL
INNER JOIN
(
    SELECT
        scope AS wave,
        starts AS before_start
    FROM vointi_internal.facts_wave
    ORDER BY
        scope,
        time DESC,
        id DESC,
        hash DESC
    LIMIT 1 BY scope
) AS waves ON waves.wave = rows.member
WHERE dimension = 'panel';

-- Published rows, but for those; and of each indicator that cannot be fed yet, and of each of its period types, one that says so: for the
-- country and the running period, with what it waits for as flags. Those rows are made by the catalogue, and are stored and
-- compared nowhere.
DROP VIEW IF EXISTS vointi.indicators;

CREATE VIEW vointi.indicators
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    sex,
    dimension,
    member,
    period_type,
    period_start,
    wave,
    value,
    lower95,
    upper95,
    lower998,
    upper998,
    numerator,
    denominator,
    denominator_kind,
    crude_value,
    respondents,
    effective_sample_size,
    unit,
    direction,
    method,
    status,
    suppressed,
    flags,
    revision,
    reason,
    computed_at
FROM vointi_internal.publications FINAL
WHERE dimension != 'panel'
UNION ALL
SELECT
    id AS indicator,
    'SSS' AS area,
    '' AS age_scheme,
    'all' AS age_group,
    'all' AS sex,
    '' AS dimension,
    'all' AS member,
    arrayJoin(period_types) AS period_type,
    toDate32(multiIf(
        period_type = 'week', toMonday(toDate(now('Europe/Helsinki'))),
        period_type = 'month', toStartOfMonth(toDate(now('Europe/Helsinki'))),
        period_type = 'quarter', toStartOfQuarter(toDate(now('Europe/Helsinki'))),
        period_type = 'year', toStartOfYear(toDate(now('Europe/Helsinki'))),
        period_type = 'rolling_12m', addMonths(toStartOfMonth(toDate(now('Europe/Helsinki'))), -11),
        toDate(now('Europe/Helsinki')))) AS period_start,
    '' AS wave,
    NULL AS value,
    NULL AS lower95,
    NULL AS upper95,
    NULL AS lower998,
    NULL AS upper998,
    NULL AS numerator,
    NULL AS denominator,
    '' AS denominator_kind,
    NULL AS crude_value,
    NULL AS respondents,
    NULL AS effective_sample_size,
    unit,
    direction,
    method,
    'no_data' AS status,
    '' AS suppressed,
    arrayMap(what -> concat('awaits ', what), awaits) AS flags,
    0 AS revision,
    '' AS reason,
    fromUnixTimestamp64Milli(toInt64(version), 'UTC') AS computed_at
FROM vointi_internal.catalogue FINAL
WHERE notEmpty(awaits);

DROP VIEW IF EXISTS vointi.indicator_revisions;

CREATE VIEW vointi.indicator_revisions
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    indicator,
    area,
    age_scheme,
    age_group,
    sex,
    dimension,
    member,
    period_type,
    period_start,
    wave,
    value,
    lower95,
    upper95,
    lower998,
    upper998,
    numerator,
    denominator,
    denominator_kind,
    crude_value,
    respondents,
    effective_sample_size,
    unit,
    direction,
    method,
    status,
    suppressed,
    flags,
    revision,
    reason,
    computed_at
FROM vointi_internal.publication_log FINAL
WHERE dimension != 'panel';
