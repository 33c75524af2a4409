SELECT
    person,
    settled
FROM $state.past_persons FINAL
