SELECT
    pseudonym,
    person
FROM $state.pseudonyms FINAL
