-- The cost entries of a project: of each entry the last row, and none that was reversed.
SELECT
    toInt32(month) AS month,
    kind,
    funder != '' AS funded,
    groupUniqArrayIf(funder, funder != '') AS funders,
    sum(cents) AS cents,
    min(cents) AS least,
    max(price_year) AS price_year,
    sum(unallocated_cents) AS unallocated
FROM
(
    SELECT
        entry,
        argMax((period, cost_kind, funder, amount_cents, price_year, project), (time, id, hash)) AS latest,
        latest.1 AS month,
        latest.2 AS kind,
        latest.3 AS funder,
        latest.4 AS cents,
        latest.5 AS price_year,
        latest.6 AS project,
        max(chain IN
        (
            SELECT chain
            FROM vointi_internal.facts_cost
            WHERE kind = 'voided'
        )) AS reversed
    FROM vointi_internal.facts_cost
    WHERE (kind = 'original') AND entry IN
    (
        SELECT entry
        FROM vointi_internal.facts_cost
        WHERE project = {project:String}
    )
    GROUP BY entry
) AS entries
LEFT JOIN
(
    SELECT
        entry,
        cents AS unallocated_cents
    FROM vointi_internal.unallocated FINAL
) AS unallocated USING (entry)
WHERE NOT reversed AND project = {project:String}
GROUP BY
    month,
    kind,
    funded
ORDER BY
    month,
    kind,
    funded
