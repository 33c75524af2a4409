-- Age groups of the chosen scheme for the chosen indicator, the total first.
SELECT
    age_group AS id,
    {{age "age_group"}} AS text
FROM vointi.indicators
WHERE indicator = ${indicator:singlequote}
    AND age_scheme IN ('', ${age_scheme:singlequote})
GROUP BY age_group
ORDER BY {{age_order "age_group"}}
