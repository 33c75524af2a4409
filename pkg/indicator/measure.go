package indicator

// Measure names an integer that the aggregator keeps per cell. The name is the string in cells.measure, and what it is
// restricted to is part of it:
//
//	resident_visits[activity_type=culture]       visits of one type
//	sessions_held[class=meeting|training]        either class
//	cost_cents[funded=yes,kind=actual]           both conditions, attributes in alphabetical order
//	residents@esp2013                            by the bands of that age scheme and sex, not by elementary bands
type Measure string

// The measures. What each counts, in which area and from which attributes of events, say [Measure.Meaning] and
// [Measure.From], whose texts are in the table below.
const (
	Visits           Measure = "visits"
	VisitSquares     Measure = "visit_squares"
	CardVisits       Measure = "card_visits"
	AnonymousVisits  Measure = "anonymous"
	Referrals        Measure = "referrals"
	ReferralSquares  Measure = "referral_squares"
	Participants     Measure = "participants"
	VisitsOfPersons  Measure = "participant_visits"
	SquaresOfPersons Measure = "participant_squares"
	FirstTimers      Measure = "first_timers"
	Recent           Measure = "recent_participants"
	Regulars         Measure = "regulars"
	Newcomers        Measure = "newcomers"
	Retained         Measure = "retained"

	ResidentParticipants Measure = "residents"
	ResidentVisits       Measure = "resident_visits"
	ResidentSquares      Measure = "resident_squares"
	NewlyActive          Measure = "newly_active"
	NewlyActiveToDate    Measure = "newly_active_to_date"
	Population           Measure = "population"

	SessionsHeld      Measure = "sessions_held"
	SessionsCancelled Measure = "sessions_cancelled"
	SessionsPlanned   Measure = "sessions_planned"
	SessionsFull      Measure = "sessions_full"
	SessionsSilent    Measure = "sessions_silent"
	SessionsUnheard   Measure = "sessions_unheard"
	Occupancy         Measure = "occupancy"

	CostPerVisit     Measure = "cost"
	CostPerHour      Measure = "cost_hours"
	UnallocatedCents Measure = "unallocated_cents"
	CostCents        Measure = "cost_cents"
	CostToDate       Measure = "cost_to_date"

	Respondents       Measure = "respondents"
	CompleteResponses Measure = "complete_responses"
	Invited           Measure = "invited"
	Answered          Measure = "answered"
	Answers           Measure = "answers"
	AnswerSquares     Measure = "answer_squares"

	CardHolders           Measure = "card_holders"
	ActiveCardHolders     Measure = "active_card_holders"
	ActiveFamilies        Measure = "active_families"
	Families              Measure = "families"
	Target                Measure = "target"
	Volunteers            Measure = "volunteers"
	VolunteerHours        Measure = "volunteer_hours"
	VolunteerHourSquares  Measure = "volunteer_hour_squares"
	VolunteerShifts       Measure = "volunteer_shifts"
	VolunteerShiftSquares Measure = "volunteer_shift_squares"
	VolunteerHourCents    Measure = "volunteer_hour_cents"
	MeetingMunicipalities Measure = "meeting_place_municipalities"
	MeetingPlaceSessions  Measure = "meeting_place_sessions"
	Municipalities        Measure = "municipalities"
	ActivePartners        Measure = "active_partners"
	RegisterEntries       Measure = "register_entries"
	Agreements            Measure = "agreements"
	MediaHits             Measure = "media_hits"
	PlatformVisits        Measure = "platform_visits"
	PlatformMessages      Measure = "platform_messages"
	Pages                 Measure = "pages"
	Contacts              Measure = "contacts"
	UnitCostCents         Measure = "unit_cost_cents"
)

type measureKind struct {
	basis   Basis
	persons bool    // known by age band and sex
	squares Measure // Σk² beside it, for methods that need it
	amount  Measure // what is published wherever this is, and one person may have most of; it has squares
	ratio   bool    // known by the six sums of a ratio over sessions
	// divisors turn the integers into the unit that people read; 0 means 1. The second is of a ratio's denominator.
	divisor, divisorV float64
	where             []string // attributes that can restrict it
	means, from       string
}

// Attributes that can restrict measures, by what they are of.
var (
	ofVisits   = []string{"activity_type", "provider", "channel", "class"}
	ofSessions = []string{"activity_type", "provider", "class"}
	ofCosts    = []string{"kind", "heading", "provider", "funded"}
)

// What the texts below have in common:
//   - «Card visits», «visits», «sessions» and their day and area are those of the fold (one person at one session is one
//     card visit; the area is the session's). Areas are counted at every level above too.
//   - A person's «last visit» is the last in the period: it decides area, home, age and sex. Nobody without it is counted.
//   - A person's «first known visit» is the first that is kept; it counts as such only if the 365 days before it are kept
//     too, as for newly active. Where history is shorter nobody is a first-timer, since nobody knows.
//   - By a dimension, a person counts once for each member that any card visit in the period has, and visits count where
//     they belong.
var measures = map[Measure]measureKind{
	Visits: {
		basis: Venue, persons: true, squares: VisitSquares, where: ofVisits,
		means: "reconciled visits in the area of the session; card visits by the person's age and sex of the last visit, anonymous ones with age and sex unknown",
		from:  "checkin: session_id, person_pseudonym, party_size, birth_year or age_band, sex; headcount: total, includes_card_holders; calendar held: attendance",
	},
	VisitSquares: {
		basis: Venue, persons: true, where: ofVisits,
		means: "Σk² over persons with k card visits in the cell, plus 1 for each anonymous visit",
		from:  "as visits",
	},
	CardVisits: {
		basis: Venue, where: ofVisits,
		means: "card visits, without age and sex", from: "checkin: session_id, person_pseudonym",
	},
	AnonymousVisits: {
		basis: Venue, where: ofSessions,
		means: "visits that are not card visits", from: "as visits",
	},
	Referrals: {
		basis: Venue, squares: ReferralSquares,
		means: "card visits whose check-in says where the person was referred from; by the session of origin (its area, activity type and provider) where referral_from is a session's id, else by the session of the visit; in the period of the visit",
		from:  "checkin: referral_from, session_id, person_pseudonym",
	},
	ReferralSquares: {
		basis: Venue,
		means: "Σk² over persons with k visits in referrals", from: "as referrals",
	},
	Participants: {
		basis: Venue, persons: true, where: ofVisits,
		means: "distinct persons with a card visit in the period, each once, in the area of the last visit, by the age and sex of it",
		from:  "checkin: person_pseudonym, session_id, birth_year or age_band, sex",
	},
	VisitsOfPersons: {
		basis: Venue, persons: true, squares: SquaresOfPersons, where: ofVisits,
		means: "card visits in the period, wherever they were, placed where participants counts the person; by a dimension only the visits of that member",
		from:  "as participants",
	},
	SquaresOfPersons: {
		basis: Venue, persons: true, where: ofVisits,
		means: "Σk² over the persons of participants with k visits in participant_visits", from: "as participants",
	},
	FirstTimers: {
		basis: Venue, persons: true, where: ofVisits,
		means: "those of participants whose first known visit lies in the period; placed like them, so never more than participants in any cell",
		from:  "as participants",
	},
	Recent: {
		basis: Venue, persons: true, where: ofVisits,
		means: "distinct persons with a card visit in the 90 days that end with the last day of the period, in the area of the last visit of those days; members are those of the visits in them",
		from:  "as participants",
	},
	Regulars: {
		basis: Venue, persons: true, where: ofVisits,
		means: "those of recent_participants who are active by the visits of those 90 days, of whatever type: at least 4 on at least 3 ISO weeks; placed like them",
		from:  "as participants",
	},
	Newcomers: {
		basis: Venue, persons: true, where: ofVisits,
		means: "distinct persons whose first known visit lies in the period, placed by that first visit: its area, age, sex, and its member of each dimension",
		from:  "as participants",
	},
	Retained: {
		basis: Venue, persons: true, where: ofVisits,
		means: "those of newcomers with another visit, anywhere, 1 to 90 days after the day of the first; placed like them. Complete 90 days after the period's end",
		from:  "as participants",
	},

	ResidentParticipants: {
		basis: Residence, persons: true, where: ofVisits,
		means: "distinct persons with a card visit anywhere in the period, each once, in the home area of the last visit, by the age and sex of it",
		from:  "checkin: person_pseudonym, home_area_id, birth_year or age_band, sex",
	},
	ResidentVisits: {
		basis: Residence, persons: true, squares: ResidentSquares, where: ofVisits,
		means: "card visits anywhere, in the home area of the person's last visit, by the age and sex of it", from: "as residents",
	},
	ResidentSquares: {
		basis: Residence, persons: true, where: ofVisits,
		means: "Σk² over persons with k visits in resident_visits", from: "as residents",
	},
	NewlyActive: {
		basis: Residence, persons: true,
		means: "distinct persons who became active for the first time in the period, and had no visit in the 365 days before the first of the visits that made them so; placed like residents",
		from:  "as residents",
	},
	NewlyActiveToDate: {
		basis: Residence, persons: true,
		means: "newly_active of all months from the one with which the target begins until the period, as they are shown; each person once. Protected from the first month on that is, until a quarter or year ends that is shown and began before",
		from:  "as residents; reference.target: starts",
	},
	Population: {
		basis: Residence, persons: true,
		means: "residents of the area, interpolated to the middle of the period; not stored, handed over beside the sums",
		from:  "population.snapshot: area_id, year, sex, age, count",
	},

	SessionsHeld: {
		basis: Venue, where: ofSessions,
		means: "sessions of the calendar that were held: confirmed, or with anybody present. By audience: once for each group (scheme/group) that has an age between audience_min_age and audience_max_age, a missing limit being none, so that groups do not add up",
		from:  "calendar: status, actual_start or start, area_id, activity_type, provider_id, class, audience_min_age, audience_max_age",
	},
	SessionsCancelled: {
		basis: Venue, where: ofSessions,
		means: "sessions of the calendar that were cancelled and had nobody", from: "calendar: status",
	},
	SessionsPlanned: {
		basis: Venue, where: ofSessions,
		means: "sessions_held and sessions_cancelled together", from: "calendar: status",
	},
	SessionsFull: {
		basis: Venue, where: ofSessions,
		means: "those of sessions_held that have a capacity, and visits (card and anonymous) of at least that many",
		from:  "calendar: capacity_max; visits as above",
	},
	SessionsSilent: {
		basis: Venue,
		means: "sessions of the calendar for taking part, not cancelled, of whose visits nothing was told, at a venue that told of no visits for more than 7 days from one of them on. They add nothing to the value: where there are any, it is not whole, and never shown as 0",
		from:  "calendar: status, actual_start or start, venue_id, area_id, class, attendance; checkin and headcount: session_id",
	},
	SessionsUnheard: {
		basis: Venue,
		means: "those of sessions_silent of which nobody said that they were held. They add nothing to the value: where there are any, it is not whole, and never shown as 0",
		from:  "as sessions_silent",
	},
	Occupancy: {
		basis: Venue, ratio: true,
		means: "over held sessions with a capacity: c visits of the session, v its capacity",
		from:  "calendar: capacity_max; visits as above",
	},

	CostPerVisit: {
		basis: Venue, ratio: true, divisor: 100,
		means: "over sessions that a cost reached: c cents, direct and allocated, v visits", from: "cost.entry: amount_eur, kind actual, session_id or allocation_key, project_id, period; visits as above",
	},
	CostPerHour: {
		basis: Venue, ratio: true, divisor: 100, divisorV: 60,
		means: "over sessions that a cost reached and whose length is known: c cents, direct and allocated, v visits × minutes",
		from:  "as cost; calendar: actual_start, actual_end, start, end",
	},
	UnallocatedCents: {
		basis: Venue, divisor: 100,
		means: "actual costs that reached no session, in the entry's own area and month", from: "as cost",
	},
	CostCents: {
		basis: Venue, divisor: 100, where: ofCosts,
		means: "cost entries in force, whether or not a session is named, in the entry's own area and month; in no period shorter than a month",
		from:  "cost.entry: amount_eur, area_id, period, kind, heading, provider_id; funded means that funder_id is given",
	},
	CostToDate: {
		basis: Venue, divisor: 100, where: ofCosts,
		means: "cost_cents of the months from January of the year in which the period ends until its end", from: "as cost_cents",
	},

	Respondents: {
		basis: Residence, persons: true,
		means: "respondents of a wave who answered; not stored", from: "survey.response: items, area_id, age_band, sex, education, target_groups",
	},
	CompleteResponses: {
		basis: Residence, persons: true,
		means: "complete answers to a wave, in the respondent's area, by age band and sex", from: "survey.response: complete, area_id, age_band, sex",
	},
	Invited: {
		basis: Residence, persons: true,
		means: "persons in the sample of a wave, by the area, age group and sex of their stratum. Where a stratum has others than a group too, nobody knows how many of the group were asked, and there is no row",
		from:  "survey.wave: strata[].area_id, age_group, sex, n_sampled",
	},
	Answered: {
		basis: Residence, where: []string{"item"},
		means: "answers to the item that were submitted in the period, in the respondent's area; by the activity type and provider of the session that they are about", from: "survey.response: items, submitted_at, area_id, session_id",
	},
	Answers: {
		basis: Residence, squares: AnswerSquares, where: []string{"item"},
		means: "Σ of the codes of those answers", from: "as answered",
	},
	AnswerSquares: {
		basis: Residence, where: []string{"item"},
		means: "Σ of the squares of the codes of those answers", from: "as answered",
	},

	CardHolders: {
		basis: Residence,
		means: "persons with a card in force on the last day of the period, where it says that they live: of several the one that was issued last; for five years after it was issued, if it is neither closed nor replaced; by the target groups that it names",
		from:  "card.issued, card.closed: person_pseudonym, issued_at, closed_at, home_area_id, target_groups",
	},
	ActiveCardHolders: {
		basis: Residence,
		means: "those of card_holders with a card visit anywhere in the period; placed like them, and by the same target groups",
		from:  "as card_holders; checkin: person_pseudonym",
	},
	ActiveFamilies: {
		basis: Residence,
		means: "households with a visit in the period by somebody whose card, in force on its last day, is of kind family; where the card says that they live; one, however many members came; without a household_pseudonym the holder's own",
		from:  "card.issued, card.closed: card_kind, household_pseudonym, home_area_id; checkin: person_pseudonym",
	},
	Families: {
		basis: Residence,
		means: "families with children aged 0 to 17 in the municipalities of the area, by official statistics: the figure of the year in which the period lies, or of one of the two before, as long as there is none",
		from:  "indicator.imported: external_id families_0_17, area_id, year, value",
	},
	Target: {
		basis: Residence,
		means: "the target that was set for the area, of those that count from a month on; where several do, the one of the next year", from: "reference.target: value, starts, year",
	},
	Volunteers: {
		basis: Venue, persons: true,
		means: "distinct volunteers with a shift in the period, in the area of the last one, by the age band told there, of unknown sex; members are the activity types of the sessions at which shifts were done, and the partners",
		from:  "volunteer.shift.logged: volunteer_pseudonym, area_id, age_band, partner_id, event_id",
	},
	VolunteerHours: {
		basis: Venue, divisor: 100, squares: VolunteerHourSquares,
		means: "hours of shifts, in the area of the shift, by the activity type of the session at which it was done and the partner; kept in hundredths", from: "volunteer.shift.logged: hours, area_id, partner_id, event_id",
	},
	VolunteerHourSquares: {
		basis: Venue,
		means: "Σk² over volunteers with k hundredths of an hour in the cell", from: "as volunteer_hours",
	},
	VolunteerShifts: {
		basis: Venue, squares: VolunteerShiftSquares, amount: VolunteerHours,
		means: "shifts, in the area of the shift; protects hours, which they share members and areas with", from: "as volunteer_hours",
	},
	VolunteerShiftSquares: {
		basis: Venue,
		means: "Σk² over volunteers with k shifts in the cell", from: "as volunteer_hours",
	},
	VolunteerHourCents: {
		basis: Venue, divisor: 100,
		means: "what an hour of volunteering is worth: the base of the unit cost volunteer_hour of the latest price year up to the period's, placeholders aside; not stored, handed over beside the sums",
		from:  "reference.unitcost: service_code, price_year, base, placeholder",
	},
	MeetingMunicipalities: {
		basis: Venue,
		means: "municipalities of the area with meeting_place_sessions in the period; not stored, handed over beside the sums", from: "as meeting_place_sessions; reference.area: level, parents",
	},
	MeetingPlaceSessions: {
		basis: Venue,
		means: "sessions of the calendar that were held at venues of kind meeting_place, in the area of the venue; in no period shorter than a month",
		from:  "venue.registered, venue.updated: kind, area_id; calendar: venue_id, status",
	},
	Municipalities: {
		basis: Venue,
		means: "municipalities of the area as areas are today; not stored, handed over beside the sums", from: "reference.area: level, parents",
	},
	ActivePartners: {
		basis: Venue,
		means: "entries of the partner register on the last day of the period that held a session or meeting of the calendar in the twelve months that end with it, once in each area that they name and above; by the kind of partner (type)",
		from:  "partner.registered, partner.updated: partner_id, kind, area_ids; calendar: provider_id, status",
	},
	RegisterEntries: {
		basis: Venue, where: []string{"confirmed"},
		means: "entries of the partner register on the last day of the period, once in each area that they name and above, for five years after they were last heard of if they have no end; confirmed means at most 365 days ago; by the kind of partner (type)",
		from:  "partner.registered, partner.updated: kind, area_ids, contact_confirmed_at, valid_from, valid_to",
	},
	Agreements: {
		basis: Venue,
		means: "partnership agreements in force on the last day of the period, once in each area that they name and above, for twenty years after they were last heard of if they have no end; by the kind of partner (type)",
		from:  "partner.agreement.signed, partner.agreement.ended: agreement_id, kind, area_ids, valid_from, valid_to",
	},
	MediaHits: {
		basis: Venue,
		means: "media hits in the period, in the area that they name, or else that of the event", from: "comms.media.hit: at, area_id, channel",
	},
	PlatformVisits: {
		basis: Venue,
		means: "sessions on the platform, on the day on which the window begins, by events without a provider; the channel is the platform", from: "platform.usage: platform_id, window_start, visits",
	},
	PlatformMessages: {
		basis: Venue,
		means: "messages posted on the platform, on the day on which the window begins, by events without a provider; the channel is the platform", from: "platform.usage: platform_id, window_start, messages",
	},
	Pages: {
		basis: Venue, where: []string{"fresh"},
		means: "published pages and events of the platform, as the last window that began in the period or at most a month before its end counted them; fresh means that neither end nor review date is past; of a provider those that the platform says are its own, which are among them",
		from:  "platform.usage: platform_id, provider_id, window_start, pages_published, pages_stale",
	},
	Contacts: {
		basis: Residence, persons: true,
		means: "contacts with a service, in the home area; aggregates only", from: "serviceuse.aggregate",
	},
	UnitCostCents: {
		basis: Residence, divisor: 100,
		means: "unit cost of the service, base estimate, in prices of the period's year", from: "reference.unitcost",
	},
}
