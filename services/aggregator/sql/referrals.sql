SELECT DISTINCT person
FROM $state.referrals FINAL
WHERE origin IN ($origins)
