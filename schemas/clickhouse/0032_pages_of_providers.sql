-- Whose pages a platform counted; '' all of its own.
ALTER TABLE vointi_internal.facts_platform
    ADD COLUMN IF NOT EXISTS provider LowCardinality(String) AFTER area;
