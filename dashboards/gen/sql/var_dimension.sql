-- Extra breakdowns of the chosen indicator; 'none' stands for the empty dimension.
SELECT
    if(dimension = '', 'none', dimension) AS id,
    replaceAll(id, '_', ' ') AS text
FROM vointi.indicators
WHERE indicator = ${indicator:singlequote}
GROUP BY dimension
ORDER BY dimension
