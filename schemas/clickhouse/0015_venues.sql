-- Where sessions are, for the figures of meeting places.
ALTER TABLE vointi_internal.sessions
    ADD COLUMN IF NOT EXISTS venue LowCardinality(String) AFTER class; -- of the calendar event
