-- What kind of partner answered; '' in answers of others.
ALTER TABLE vointi_internal.facts_response
    ADD COLUMN IF NOT EXISTS partner_kind LowCardinality(String) AFTER target_groups;
