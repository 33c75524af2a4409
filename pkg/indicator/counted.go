package indicator

// Extent says how far the aggregator counts a measure today.
type Extent struct {
	Along     []string // dimensions
	Where     []string // attributes that can restrict it
	Standards []string // age schemes beside the elementary bands
}

var (
	sessionsAndVisits = []string{"activity_type", "provider"}
	sessionsAndGroups = []string{"activity_type", "provider", "target_group"} // by the card of a person
)

// Counted lists the measures that the aggregator counts today, and how far. An entry that needs another one, or more of
// one, is not fed and has no rows; a dimension that is missing here is not shown. Whoever makes the aggregator count a
// measure adds it here, and nothing else.
var Counted = map[Measure]Extent{
	Visits:               {Along: sessionsAndVisits},
	VisitSquares:         {Along: sessionsAndVisits},
	CardVisits:           {Along: sessionsAndVisits},
	AnonymousVisits:      {Along: sessionsAndVisits},
	Referrals:            {Along: sessionsAndVisits},
	ReferralSquares:      {Along: sessionsAndVisits},
	Participants:         {Along: sessionsAndGroups},
	ResidentParticipants: {Standards: []string{"esp2013"}},
	ResidentVisits:       {Along: sessionsAndVisits, Where: sessionsAndVisits, Standards: []string{"esp2013"}},
	ResidentSquares:      {Along: sessionsAndVisits, Where: sessionsAndVisits, Standards: []string{"esp2013"}},
	NewlyActive:          {},
	VisitsOfPersons:      {Along: sessionsAndVisits},
	SquaresOfPersons:     {Along: sessionsAndVisits},
	FirstTimers:          {Along: sessionsAndVisits},
	Recent:               {Along: sessionsAndGroups},
	Regulars:             {Along: sessionsAndGroups},
	CardHolders:          {Along: []string{"target_group"}},
	ActiveCardHolders:    {Along: []string{"target_group"}},
	ActiveFamilies:       {},
	Families:             {},
	Newcomers:            {Along: sessionsAndVisits},
	Retained:             {Along: sessionsAndVisits},
	NewlyActiveToDate:    {},
	Target:               {},
	Population:           {Along: append([]string{"audience"}, sessionsAndVisits...)}, // the same residents for each member; those of the audience
	SessionsHeld:         {Along: append([]string{"audience"}, sessionsAndVisits...), Where: ofSessions},
	SessionsCancelled:    {Along: sessionsAndVisits, Where: ofSessions},
	SessionsPlanned:      {Along: sessionsAndVisits, Where: ofSessions},
	SessionsFull:         {Along: sessionsAndVisits, Where: ofSessions},
	SessionsSilent:       {Along: append([]string{"audience"}, sessionsAndVisits...)},
	SessionsUnheard:      {Along: append([]string{"audience"}, sessionsAndVisits...)},
	CompleteResponses:    {},
	Answered:             {Along: sessionsAndVisits, Where: []string{"item"}},
	Answers:              {Along: sessionsAndVisits, Where: []string{"item"}},
	AnswerSquares:        {Along: sessionsAndVisits, Where: []string{"item"}},
	Invited:              {},
	CostPerHour:          {Along: sessionsAndVisits},
	Occupancy:            {Along: sessionsAndVisits},
	CostPerVisit:         {Along: sessionsAndVisits},
	UnallocatedCents:     {},
	CostCents:            {Along: []string{"provider", "heading"}, Where: ofCosts},
	CostToDate:           {Along: []string{"provider", "heading"}, Where: ofCosts},

	Volunteers:            {Along: sessionsAndVisits},
	VolunteerHours:        {Along: sessionsAndVisits},
	VolunteerHourSquares:  {Along: sessionsAndVisits},
	VolunteerShifts:       {Along: sessionsAndVisits},
	VolunteerShiftSquares: {Along: sessionsAndVisits},
	VolunteerHourCents:    {Along: sessionsAndVisits}, // the same for each member
	MediaHits:             {Along: []string{"channel"}},
	PlatformVisits:        {Along: []string{"channel"}},
	PlatformMessages:      {Along: []string{"channel"}},
	Pages:                 {Along: []string{"channel", "provider"}, Where: []string{"fresh"}},
	RegisterEntries:       {Along: []string{"type"}, Where: []string{"confirmed"}},
	Agreements:            {Along: []string{"type"}},
	ActivePartners:        {Along: []string{"type"}},
	MeetingPlaceSessions:  {},
	MeetingMunicipalities: {},
	Municipalities:        {},
}
