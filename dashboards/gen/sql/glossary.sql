-- What stands in or beside a figure, in the chosen language.
SELECT
    line.1 AS `Symbol or word`,
    line.2 AS `What it means`
FROM
(
    SELECT arrayJoin([
    {{glossary}}
    ]) AS line
)
