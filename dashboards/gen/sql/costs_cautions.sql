-- What is to be known of the estimates, in words, and which of them it concerns.
SELECT
    coalesce(nullIf({{caution "flag"}}, ''), flag) AS `To beware of`,
    arrayStringConcat(arraySort(groupUniqArray({{estimated "e"}})), '; ') AS `Estimates`
FROM vointi.estimates AS e
LEFT JOIN vointi.catalogue AS c ON c.id = e.indicator
ARRAY JOIN flags AS flag
WHERE e.programme = ${programme:singlequote}
GROUP BY flag
ORDER BY {{rank_of_cautions "flag"}}
