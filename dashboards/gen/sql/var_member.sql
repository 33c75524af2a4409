-- Members of the chosen dimension; the total stands alone when there is none.
SELECT
    member AS id,
    replaceAll(member, '_', ' ') AS text
FROM vointi.indicators
WHERE indicator = ${indicator:singlequote}
    AND dimension = if(${dimension:singlequote} = 'none', '', ${dimension:singlequote})
GROUP BY member
ORDER BY member
