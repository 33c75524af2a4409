-- The first quarter in which there is anything of some measures in the whole country.
SELECT
    measure,
    toInt32(min(period_start)) AS first
FROM $state.cells FINAL
WHERE period_type = 'quarter' AND area = $country AND dimension = '' AND measure IN ($measures) AND value != 0
GROUP BY measure
