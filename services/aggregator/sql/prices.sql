-- The prices of a service, each as its last event has it, without placeholders.
SELECT
    price_year,
    base_cents
FROM
(
    SELECT
        price_year,
        argMax((base_cents, placeholder), (time, id, hash)) AS latest,
        latest.1 AS base_cents,
        latest.2 AS placeholder
    FROM vointi_internal.facts_unit_cost
    WHERE scope = $service
    GROUP BY price_year
)
WHERE NOT placeholder
