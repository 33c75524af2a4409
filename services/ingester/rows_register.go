package ingester

import (
	"strconv"
	"time"

	"vointi.fi/pkg/event"
)

// The families whose rows are the attributes of their payloads. A scope never is a pseudonym, since changes repeat it:
// those of a volunteer are the first digits, which some share.

func newRegistrationRows() family {
	type P = event.Registration
	return newRegister("registration", func(p *P) string { return p.RegistrationID },
		is("session", func(p *P) string { return p.SessionID }),
		person("person", func(p *P) string { return p.PersonPseudonym }),
		is("status", func(p *P) string { return p.Status }),
		is("presence", func(p *P) string { return p.Presence }),
		at("at", func(p *P) time.Time { return p.At }),
	)
}

// together is the scope of a volunteer: the digits of the pseudonym by which volunteers are recomputed together.
func together(pseudonym string) string { return pseudonym[:min(3, len(pseudonym))] }

func newVolunteerRows() family {
	type P = event.Volunteer
	return newRegister("volunteer", func(p *P) string { return together(p.VolunteerPseudonym) },
		is("kind", func(p *P) int8 { return second(p.Ended) }),
		person("volunteer", func(p *P) string { return p.VolunteerPseudonym }),
		is("partner", func(p *P) string { return p.PartnerID }),
		is("role", func(p *P) string { return p.Role }),
		is("volunteer_area", func(p *P) string { return p.Area }),
		is("age_band", func(p *P) string { return p.AgeBand }),
		at("starts", func(p *P) time.Time { return p.Start }),
		at("ends", func(p *P) time.Time { return p.End }),
		is("event", func(p *P) string { return p.EventID }),
	)
}

func newShiftRows() family {
	type P = event.Shift
	return newRegister("shift", func(p *P) string { return together(p.VolunteerPseudonym) },
		person("volunteer", func(p *P) string { return p.VolunteerPseudonym }),
		is("partner", func(p *P) string { return p.PartnerID }),
		is("role", func(p *P) string { return p.Role }),
		is("shift_area", func(p *P) string { return p.Area }),
		is("age_band", func(p *P) string { return p.AgeBand }),
		at("starts", func(p *P) time.Time { return p.Start }),
		at("ends", func(p *P) time.Time { return p.End }),
		is("centihours", func(p *P) int64 { return orZero(p.Hours) }),
		is("event", func(p *P) string { return p.EventID }),
	)
}

// newCommunicationRows is the table of releases, or of media hits.
func newCommunicationRows(name string) family {
	type P = event.Communication
	return newRegister(name, func(p *P) string { return p.ItemID },
		at("at", func(p *P) time.Time { return p.At }),
		is("channel", func(p *P) string { return p.Channel }),
		is("outlet", func(p *P) string { return p.Outlet }),
		is("title", func(p *P) string { return p.Title }),
		is("topic", func(p *P) string { return p.Topic }),
		is("item_area", func(p *P) string { return p.Area }),
		is("campaign", func(p *P) string { return p.CampaignID }),
		maybeAmount[uint32]("reach_estimate", func(p *P) *int { return p.ReachEstimate }),
		is("tone", func(p *P) string { return p.Tone }),
	)
}

func newPlatformRows() family {
	type P = event.PlatformUsage
	return newRegister("platform", func(p *P) string { return p.PlatformID },
		is("provider", func(p *P) string { return p.ProviderID }),
		at("window_start", func(p *P) time.Time { return p.WindowStart }),
		at("window_end", func(p *P) time.Time { return p.WindowEnd }),
		amount[uint32]("visits", func(p *P) int { return p.Visits }),
		maybeAmount[uint32]("unique_visitors", func(p *P) *int { return p.UniqueVisitors }),
		maybeAmount[uint32]("messages", func(p *P) *int { return p.Messages }),
		maybeAmount[uint32]("searches", func(p *P) *int { return p.Searches }),
		maybeAmount[uint32]("pages_published", func(p *P) *int { return p.PagesPublished }),
		maybeAmount[uint32]("pages_stale", func(p *P) *int { return p.PagesStale }),
	)
}

func newServiceUseRows() family {
	type P = event.ServiceUse
	return newRegister("service_use", func(p *P) string { return p.Area + "/" + p.Period },
		is("use_area", func(p *P) string { return p.Area }),
		is("age_scheme", func(p *P) string { return p.AgeScheme }),
		is("age_group", func(p *P) string { return p.AgeGroup }),
		is("sex", func(p *P) string { return p.Sex }),
		is("service_code", func(p *P) string { return p.ServiceCode }),
		is("period", func(p *P) string { return p.Period }),
		amount[uint32]("contacts", func(p *P) int { return p.Contacts }),
		maybeAmount[uint32]("persons", func(p *P) *int { return p.Persons }),
		maybeAmount[uint32]("population", func(p *P) *int { return p.Population }),
		is("suppressed", func(p *P) bool { return p.Suppressed }),
	)
}

// partnerAttributes are those of an entry in the register of partners, wherever in the payload it stands.
func partnerAttributes[P any](of func(*P) *event.Partner) []attribute[P] {
	return []attribute[P]{
		is("partner_kind", func(p *P) string { return of(p).Kind }),
		is("name", func(p *P) string { return of(p).Name }),
		is("business", func(p *P) string { return of(p).BusinessID }),
		is("areas", func(p *P) []string { return of(p).Areas }),
		is("themes", func(p *P) []string { return of(p).Themes }),
		at("contact_confirmed_at", func(p *P) time.Time { return of(p).ContactConfirmedAt }),
		at("valid_from", func(p *P) time.Time { return of(p).ValidFrom }),
		at("valid_to", func(p *P) time.Time { return of(p).ValidTo }),
	}
}

func newPartnerRows() family {
	type P = event.Partner
	return newRegister("partner", func(p *P) string { return p.PartnerID }, append(
		partnerAttributes(func(p *P) *event.Partner { return p }),
		is("agreement", func(p *P) string { return p.AgreementID }),
	)...)
}

func newAgreementRows() family {
	type P = event.Agreement
	return newRegister("agreement", func(p *P) string { return p.AgreementID }, append(
		partnerAttributes(func(p *P) *event.Partner { return &p.Partner }),
		is("kind", func(p *P) int8 { return second(p.Ended) }),
		is("partner", func(p *P) string { return p.PartnerID }),
	)...)
}

func newVenueRows() family {
	type P = event.Venue
	return newRegister("venue", func(p *P) string { return p.VenueID },
		is("name", func(p *P) sorted[string] { return p.Name }),
		is("venue_area", func(p *P) string { return p.Area }),
		is("postal_code", func(p *P) string { return p.PostalCode }),
		is("lat", func(p *P) *float64 { return degrees(p.Lat) }),
		is("lon", func(p *P) *float64 { return degrees(p.Lon) }),
		is("venue_kind", func(p *P) string { return p.Kind }),
		maybeAmount[uint32]("capacity", func(p *P) *int { return p.Capacity }),
		is("accessibility", func(p *P) []string { return p.Accessibility }),
		is("owner", func(p *P) string { return p.OwnerID }),
		at("valid_from", func(p *P) time.Time { return p.ValidFrom }),
		at("valid_to", func(p *P) time.Time { return p.ValidTo }),
	)
}

// degrees makes degrees of 10⁻⁷ degrees.
func degrees(fixed *int64) *float64 {
	if fixed == nil {
		return nil
	}
	v := float64(*fixed) / 1e7
	return &v
}

func newProjectRows() family {
	type P = event.ProjectPhase
	return newRegister("project", func(p *P) string { return p.ProjectID },
		is("phase", func(p *P) string { return p.Phase }),
		is("areas", func(p *P) []string { return p.Areas }),
		at("starts", func(p *P) time.Time { return p.From }),
		at("ends", func(p *P) time.Time { return p.To }),
		is("comparison_areas", func(p *P) []string { return p.ComparisonAreas }),
	)
}

func newInterviewRows() family {
	type P = event.Interview
	return newRegister("interview", func(p *P) string { return p.InterviewID },
		is("interview_area", func(p *P) string { return p.Area }),
		at("at", func(p *P) time.Time { return p.At }),
		is("respondents_kind", func(p *P) string { return p.Respondents }),
		is("theme_codes", func(p *P) []string { return p.Themes }),
		amount[uint32]("n", func(p *P) int { return p.N }),
	)
}

func newPriorityRows() family {
	type P = event.Priority
	return newRegister("priority", func(p *P) string { return p.PriorityID },
		is("priority_area", func(p *P) string { return p.Area }),
		is("council_term", func(p *P) string { return p.CouncilTerm }),
		is("age_group", func(p *P) string { return p.AgeGroup }),
		is("theme", func(p *P) string { return p.Theme }),
		is("goal", func(p *P) string { return p.Goal }),
		is("indicators", func(p *P) []string { return p.Indicators }),
	)
}

func newImportedRows() family {
	type P = event.Imported
	scope := func(p *P) string { return p.Source + "/" + p.ExternalID + "/" + p.Area + "/" + strconv.Itoa(p.Year) }
	return newRegister("imported", scope,
		is("origin", func(p *P) string { return p.Source }),
		is("external", func(p *P) string { return p.ExternalID }),
		is("imported_area", func(p *P) string { return p.Area }),
		amount[uint16]("year", func(p *P) int { return p.Year }),
		is("sex", func(p *P) string { return p.Sex }),
		is("value", func(p *P) float64 { return p.Value }),
		is("abs_value", func(p *P) *float64 { return p.AbsValue }),
		at("retrieved_at", func(p *P) time.Time { return p.RetrievedAt }),
		is("licence", func(p *P) string { return p.Licence }),
	)
}

func newUnitCostRows() family {
	type P = event.UnitCost
	return newRegister("unit_cost", func(p *P) string { return p.ServiceCode },
		amount[uint16]("price_year", func(p *P) int { return p.PriceYear }),
		is("low_cents", func(p *P) *int64 { return p.LowCents }),
		is("base_cents", func(p *P) int64 { return p.BaseCents }),
		is("high_cents", func(p *P) *int64 { return p.HighCents }),
		is("origin", func(p *P) string { return p.Source }),
		is("source_url", func(p *P) string { return p.SourceURL }),
		is("placeholder", func(p *P) bool { return p.Placeholder }),
		at("retrieved_at", func(p *P) time.Time { return p.RetrievedAt }),
		is("licence", func(p *P) string { return p.Licence }),
	)
}
