-- Estimates of the chosen programme that have points of the series {{.}}.
SELECT
    estimate_id AS id,
    {{estimated "e"}} AS text
FROM vointi.estimates AS e
LEFT JOIN vointi.catalogue AS c ON c.id = e.indicator
WHERE e.programme = ${programme:singlequote} AND e.estimate_id IN
(
    SELECT estimate_id
    FROM vointi.estimate_points
    WHERE series = '{{.}}'
)
ORDER BY text
