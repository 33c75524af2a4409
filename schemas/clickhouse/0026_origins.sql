-- When areas and unit costs were read from where they are published, and under which licence; 1970-01-01 and '': not told.
DROP VIEW IF EXISTS vointi.unit_costs;

ALTER TABLE vointi_internal.facts_area
    ADD COLUMN IF NOT EXISTS retrieved_at DateTime64(3, 'UTC') AFTER valid_to,
    ADD COLUMN IF NOT EXISTS licence LowCardinality(String) AFTER retrieved_at;

ALTER TABLE vointi_internal.facts_unit_cost
    ADD COLUMN IF NOT EXISTS retrieved_at DateTime64(3, 'UTC') AFTER placeholder,
    ADD COLUMN IF NOT EXISTS licence LowCardinality(String) AFTER retrieved_at;

-- What a unit of a service costs, with the source and the year of its prices.
CREATE VIEW vointi.unit_costs
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    scope AS service_code,
    price_year,
    low_cents / 100 AS low,
    base_cents / 100 AS base,
    high_cents / 100 AS high,
    origin AS source,
    source_url,
    placeholder,
    licence,
    nullIf(retrieved_at, toDateTime64(0, 3, 'UTC')) AS retrieved_at
FROM vointi_internal.facts_unit_cost
ORDER BY
    scope,
    price_year,
    time DESC,
    id DESC,
    hash DESC
LIMIT 1 BY scope, price_year;
