ALTER TABLE vointi_internal.keys DELETE
WHERE family = 'checkin' AND chain IN ($chains)
