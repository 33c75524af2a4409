-- All rows of closed periods and waves that stay as they were though data came since, each with since when. Rows that tell would have to be
-- hidden themselves; the others stay as they would tell these. See services/aggregator/withhold.go.
ALTER TABLE vointi_internal.withheld
    ADD COLUMN IF NOT EXISTS wave LowCardinality(String) AFTER period_start,
    ADD COLUMN IF NOT EXISTS tells UInt8 DEFAULT 1 AFTER wave,
    ADD COLUMN IF NOT EXISTS since DateTime('UTC') DEFAULT 0 AFTER tells,
    MODIFY ORDER BY (period_type, period_start, indicator, area, age_scheme, age_group, sex, dimension, member, wave);

-- Of which indicators, breakdowns and periods some rows lack data that came since. Which rows, in which areas and how many is told to nobody:
-- somewhere in the country few came late to this breakdown.
CREATE VIEW IF NOT EXISTS vointi.withheld
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    indicator,
    multiIf(dimension != '', dimension, age_group = 'all' AND sex = 'all', 'total', 'persons') AS breakdown,
    period_type,
    period_start,
    wave,
    toDate(nullIf(min(since), toDateTime(0, 'UTC'))) AS since
FROM vointi_internal.withheld FINAL
GROUP BY
    indicator,
    breakdown,
    period_type,
    period_start,
    wave;
