-- Whose pages a platform counted; '' of all that it counted.
ALTER TABLE vointi_internal.facts_platform
    ADD COLUMN IF NOT EXISTS provider LowCardinality(String) AFTER area;
