-- Under which licence a population was published; '' not told.
ALTER TABLE vointi_internal.facts_population
    ADD COLUMN IF NOT EXISTS licence LowCardinality(String) AFTER table_id;
