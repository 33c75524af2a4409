-- Venues in the chosen areas that told nothing of sessions of their calendar, and of which days, the newest first; a line that says so if
-- there are none.
WITH gaps AS
    (
        SELECT
            coalesce(nullIf({{lang "g.name"}}, ''), toString(g.venue_id)) AS venue,
            coalesce(nullIf({{lang "a.name"}}, ''), toString(g.area)) AS area,
            arrayStringConcat(g.providers, ', ') AS provider,
            toString(g.since) AS since,
            if(g.heard_again IS NULL, '–', toString(g.heard_again)) AS heard_again,
            toString(g.sessions) AS sessions,
            toString(g.last_session) AS last_session
        FROM vointi.data_gaps AS g
        LEFT JOIN vointi.areas AS a ON a.area = g.area
        WHERE hasAny(g.areas, [${area:singlequote}])
        ORDER BY
            g.since DESC,
            venue
        LIMIT 200
    )
SELECT
    venue AS `Venue`,
    area AS `Area`,
    provider AS `Provider`,
    since AS `Silent since`,
    heard_again AS `Heard of again`,
    sessions AS `Sessions`,
    last_session AS `The last of them`
FROM
(
    SELECT *
    FROM gaps
    UNION ALL
    SELECT
        {{word "none_silent"}},
        '–',
        '–',
        '–',
        '–',
        '0',
        '–'
    WHERE (SELECT count() FROM gaps) = 0
)
ORDER BY
    heard_again != '–',
    since DESC,
    area,
    venue
