ALTER TABLE vointi_internal.facts_checkin DELETE
WHERE chain IN ($chains) AND ($past)
