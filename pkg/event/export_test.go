package event

// For the tests of this package, which live outside it.
var HasPersonalCode = hasPersonalCode

// Valid reports whether the reader takes s for one JSON text.
func Valid(s string) bool {
	var r reader
	r.reset(s)
	r.skip()
	r.end()
	return !r.broken
}

// ParseInstant and ParseEuros are parsers that tests hold against others.
var (
	ParseInstant = parseInstant
	ParseEuros   = parseEuros
)

// ClosedLists returns the closed lists under the names of schemas/reference/lists.yaml.
func ClosedLists() map[string][]string {
	return map[string][]string{
		"activity_type": activityTypes, "target_groups": targetGroups, "sex": sexes, "population_sex": sexesAndAll,
		"channel": channels, "age_scheme": ageSchemes, "count_method": countMethods, "survey_mode": surveyModes,
		"education": educations, "name_language": nameLanguages, "calendar_status": statuses, "calendar_class": classes,
		"cost_heading": headings, "cost_kind": costKinds, "allocation_key": allocationKeys, "area_level": areaLevels,
		"period_type": periodTypes, "card_kind": cardKinds,
		"registration_status": registrations, "presence": presences, "media_channel": mediaChannels,
		"media_tone": tones, "partner_kind": partnerKinds, "venue_kind": venueKinds, "project_phase": phases,
		"respondents_kind": respondents, "goal": goals, "plan_age_group": planAgeGroups, "statistics_source": statistics,
	}
}
