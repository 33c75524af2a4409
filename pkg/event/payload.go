package event

import "time"

// Optional numbers are pointers; optional strings and times are empty or zero; optional lists are nil.

// Checkin is one person's visit to a session: participation.checkin.v1 and, with Original, …checkin.corrected.v1.
type Checkin struct {
	Original        *Ref // set in a correction only
	SessionID       string
	PersonPseudonym string // 32 lower-case hexadecimal digits
	Household       string // household_pseudonym, like PersonPseudonym
	PartySize       int    // 1 when not given; n adds n−1 anonymous visits
	CheckedInAt     time.Time
	Channel         string
	VenueID         string
	VenueArea       string // venue_area_id
	HomeArea        string // home_area_id
	BirthYear       *int
	AgeBand         string
	AgeScheme       string
	Sex             string // "1", "2" or ""
	ActivityType    string
	ProviderID      string
	ReferralFrom    string
	TransportUsed   *bool
	FeeCents        *int64 // fee_eur
	KeyVersion      int
}

// Void takes an entity back for good: …checkin.voided.v1, …headcount.voided.v1 and cost.entry.reversed.v1.
type Void struct {
	Original Ref
	Reason   string
	At       time.Time
}

// Count is a part of a head count: N people of one age group or sex.
type Count struct {
	AgeScheme string
	AgeGroup  string
	Sex       string
	N         int
}

// Headcount is a count of the people at a session: participation.headcount.v1 and, with Original, ….corrected.v1.
type Headcount struct {
	Original            *Ref
	SessionID           string
	Counter             string
	VenueArea           string
	CountedAt           time.Time
	Total               int
	ByAge               []Count
	BySex               []Count
	IncludesCardHolders bool
	VenueID             string
	ActivityType        string
	ProviderID          string
	Method              string
}

// Stratum is one sampling stratum of a survey wave: N people in it, of whom Sampled were asked.
type Stratum struct {
	ID       string
	Area     string
	AgeGroup string
	Sex      string // "": both
	N        int
	Sampled  int
}

// Wave describes a survey wave when it opens and again when it closes.
type Wave struct {
	Closed       bool // survey.wave.closed.v1
	WaveID       string
	Starts, Ends time.Time // dates, midnight UTC
	InstrumentID string
	Version      string
	Population   string
	Strata       []Stratum
	Mode         string
	Languages    []string
}

// Response is one answered questionnaire: survey.response.v1.
type Response struct {
	ResponseID     string
	WaveID         string
	InstrumentID   string
	Version        string
	SubmittedAt    time.Time
	Complete       bool
	Language       string
	StratumID      string
	Weight         *float64
	PSU            string
	Area           string // area_id
	AgeBand        string
	Sex            string
	Education      string
	TargetGroups   []string
	PartnerKind    string // of a partner's answers
	SessionID      string // that the answers are about
	PanelPseudonym string
	Items          map[string]int
}

// Calendar describes one occurrence (a session): calendar.event.created.v1, .updated, .cancelled and .held.
type Calendar struct {
	EventID        string
	Sequence       int64
	SeriesID       string
	Name           map[string]string // by language: fi, sv, en
	Status         string
	Start, End     time.Time // End zero if unknown
	AllDay         bool
	VenueID        string
	Area           string // area_id
	ProviderID     string
	ActivityType   string
	Class          string
	AudienceMinAge *int
	AudienceMaxAge *int
	TargetGroups   []string
	CapacityMax    *int
	CapacityMin    *int
	PriceCents     *int64
	IsFree         *bool
	Keywords       []string
	Languages      []string
	SourceSystem   string
	SourceURL      string
	LastModified   time.Time
	ActualStart    time.Time // held only
	ActualEnd      time.Time // held only
	Attendance     *int      // held only
}

// Cost is one entry of the books: cost.entry.v1.
type Cost struct {
	EntryID       string
	Area          string // area_id
	PostedAt      time.Time
	Period        time.Time // first day of the month, UTC
	AmountCents   int64     // amount_eur
	Heading       string
	Kind          string // actual, budget or commitment; actual when not given
	FunderID      string
	ProjectID     string
	ProviderID    string
	SessionID     string
	AllocationKey string // session_hours, sessions or visits
	PriceYear     *int
}

// Population is the number of residents on 31 December of Year, of one sex and one age.
type Population struct {
	Area        string
	Year        int
	Sex         string // "1", "2"; "" is both
	Age         string // "0" … "100" single years (100 and over), or a band "0-4", "90+"
	Count       int
	TableID     string
	RetrievedAt time.Time
	Licence     string
}

// Parent places an area in one hierarchy.
type Parent struct {
	Hierarchy string // county, region, municipality, …
	Area      string
}

// Area describes an area and where it belongs: reference.area.v1.
type Area struct {
	AreaID    string
	Level     string
	Code      string
	Name      map[string]string
	Parents   []Parent
	ValidFrom time.Time
	ValidTo   time.Time // zero: still valid

	RetrievedAt time.Time
	Licence     string
}

// Target is what an indicator should reach in a year: reference.target.v1.
type Target struct {
	TargetID  string
	Indicator string
	Area      string // area_id
	AgeScheme string
	AgeGroup  string // "": everybody
	Year      int
	Starts    time.Time // month with which counting begins; zero: the value is of the year by itself
	Value     float64   // in the indicator's unit
	Source    string    // who decided it, or where it stands
	SetAt     time.Time

	RetrievedAt time.Time
	Licence     string
}

// Period closes a period by hand: period.closed.v1.
type Period struct {
	PeriodType  string
	PeriodStart time.Time // a date, midnight UTC
	Scope       string
}

// Card is a card and what its holder told of themselves: card.issued.v1; and that it is no more in use: card.closed.v1.
type Card struct {
	Closed          bool // card.closed.v1
	PersonPseudonym string
	Household       string // household_pseudonym
	Kind            string // card_kind: person or family
	IssuedAt        time.Time
	ClosedAt        time.Time // closed only; zero: the time of the event
	HomeArea        string    // home_area_id
	BirthYear       *int
	AgeBand         string
	AgeScheme       string
	Sex             string
	Language        string
	TargetGroups    []string
	ConsentVersion  string
	KeyVersion      int
}

// Rekey says that two pseudonyms are of one card, under two versions of its issuer's key: card.rekeyed.v1.
type Rekey struct {
	OldPseudonym string
	NewPseudonym string
	KeyVersion   int // of the new one
}

// Erasure asks that everything of a person up to the time of the event be forgotten: card.erasure.requested.v1.
type Erasure struct {
	PersonPseudonym string
}
