-- A check-in that was corrected to a later day stays, as nobody's: without its original a correction would wait.
ALTER TABLE vointi_internal.facts_checkin UPDATE
    person = toUUID('00000000-0000-0000-0000-000000000000'),
    household = toUUID('00000000-0000-0000-0000-000000000000'),
    home_area = '',
    birth_year = 0,
    age_band = '',
    age_scheme = '',
    sex = ''
WHERE ($past) AND person != toUUID('00000000-0000-0000-0000-000000000000')
