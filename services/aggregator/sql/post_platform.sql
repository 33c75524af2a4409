-- What platforms counted: visits and messages on the day on which a window begins, pages from then until the next window, a
-- month at most. Of a provider, whose pages are among those of the platform, pages alone.
SELECT
    scope,
    concat(toString(window_start), if(provider = '', '', ' '), provider) AS entity,
    amount.1 AS measure,
    amount.2 AS attribute,
    since,
    until,
    area AS areas,
    if(provider = '', 'channel', 'provider') AS dimension,
    if(provider = '', scope, provider) AS member,
    amount.3 AS value
FROM
(
    SELECT
        scope,
        window_start,
        provider,
        area,
        toInt32(toDate32(window_start, 'Europe/Helsinki')) AS since,
        toInt32(since + 32) AS month_later,
        least(month_later, leadInFrame(since, 1, month_later) OVER (PARTITION BY scope, provider ORDER BY window_start ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) AS until,
        [
            ('platform_visits', '', if(provider = '', toInt64(visits), 0)),
            ('platform_messages', '', if(provider = '', toInt64(ifNull(messages, 0)), 0)),
            ('pages', '', toInt64(ifNull(pages_published, 0))),
            ('pages', 'yes', greatest(toInt64(0), toInt64(ifNull(pages_published, 0)) - toInt64(ifNull(pages_stale, 0))))
        ] AS amounts
    FROM
    (
        SELECT *
        FROM vointi_internal.facts_platform
        WHERE $where
        ORDER BY
            scope,
            window_start,
            provider,
            time DESC,
            id DESC,
            hash DESC
        LIMIT 1 BY scope, window_start, provider
    )
)
ARRAY JOIN amounts AS amount
WHERE value != 0
