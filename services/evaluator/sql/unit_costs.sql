SELECT
    service_code,
    price_year,
    ifNull(low, base) AS low_end,
    base,
    ifNull(high, base) AS high_end,
    source,
    placeholder
FROM vointi.unit_costs
WHERE has(splitByChar('\x1F', {services:String}), service_code)
ORDER BY
    service_code,
    price_year
