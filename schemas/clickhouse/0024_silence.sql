-- Venues that told nothing: of which sessions nobody knows who came.

ALTER TABLE vointi_internal.sessions
    ADD COLUMN IF NOT EXISTS heard UInt8 AFTER in_calendar; -- something was told of who came, be it that nobody did

-- Sessions of the calendar of which nothing was told, at venues that told nothing for more than 7 days from one of them on. They are few, and
-- read by venue.
CREATE TABLE IF NOT EXISTS vointi_internal.silent_sessions
(
    area          LowCardinality(String),
    venue         LowCardinality(String),
    day           Date32,
    session       String,
    provider      LowCardinality(String),
    activity_type LowCardinality(String),
    held          UInt8, -- somebody said that it was held, but not who came
    since         Date32, -- day of the first session of which nothing was told
    until         Date32, -- when the venue was heard of again; 1970-01-01: not yet
    areas         Array(LowCardinality(String)), -- in which it counts: its own as it is today, and all above
    gen           UInt64,
    deleted       UInt8
)
ENGINE = ReplacingMergeTree(gen, deleted)
ORDER BY (area, venue, day, session);

-- The gaps in the data by venue: from the first session of which nothing was told to the next of which something was.
CREATE VIEW IF NOT EXISTS vointi.data_gaps
DEFINER = default SQL SECURITY DEFINER
AS
SELECT
    gaps.area AS area,
    gaps.venue_id AS venue_id,
    venues.name_fi AS name_fi,
    venues.name_sv AS name_sv,
    venues.name_en AS name_en,
    gaps.since AS since,
    nullIf(gaps.until, toDate32(0)) AS heard_again,
    gaps.sessions AS sessions,
    gaps.last_session AS last_session,
    gaps.providers AS providers,
    gaps.areas AS areas
FROM
(
    SELECT
        area,
        venue AS venue_id,
        since,
        until,
        count() AS sessions,
        max(day) AS last_session,
        arraySort(groupUniqArray(provider)) AS providers,
        any(areas) AS areas
    FROM vointi_internal.silent_sessions FINAL
    GROUP BY
        area,
        venue,
        since,
        until
) AS gaps
LEFT JOIN vointi.venues AS venues ON venues.venue_id = gaps.venue_id;
