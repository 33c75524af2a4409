// Package event is the vocabulary of Vointi: what an event is, which types there are, what their payloads hold, and
// what makes an event valid. It knows CloudEvents 1.0 in JSON and no other technology; everything else builds on it.
//
// [Decode] and [New] are the two ways to an event that is certain to be valid. The tables of fields (checkin.go,
// headcount.go, …) say the same as the JSON Schemas in schemas/events, but as typed code, which is many times as fast; the
// tests hold the two together in both directions, with the examples, mutations of them, and a fuzzer.
//
// # Adding a family
//
// Four steps:
//
//  1. Schema: schemas/events/<type>.json for each event type, the type in cloudevent.json, good and bad examples, and new
//     closed lists in schemas/reference/lists.yaml.
//  2. Payload: here a [Type] for each event type and a [Family] in event.go, a file with the payload type, its table of
//     fields and its entity key (interview.go is one), and a line for each type in codecs.
//  3. Row mapping: how an event becomes a row of the family's fact table, in services/ingester.
//  4. Migration: that fact table, in schemas/clickhouse.
//
// A released type only ever gains optional attributes; a break is a new type with the next version beside it.
package event

import (
	"time"

	"github.com/google/uuid"
)

// Type is the name of an event type: the schema file, the tail of the subject, the column value and the metric label.
// On the wire it is preceded by [TypePrefix].
type Type string

// TypePrefix precedes a [Type] in the CloudEvents attribute "type".
const TypePrefix = "fi.vointi."

// The event types of this release.
const (
	CheckinRecorded     Type = "participation.checkin.v1"
	CheckinCorrected    Type = "participation.checkin.corrected.v1"
	CheckinVoided       Type = "participation.checkin.voided.v1"
	HeadcountRecorded   Type = "participation.headcount.v1"
	HeadcountCorrected  Type = "participation.headcount.corrected.v1"
	HeadcountVoided     Type = "participation.headcount.voided.v1"
	WaveOpened          Type = "survey.wave.opened.v1"
	WaveClosed          Type = "survey.wave.closed.v1"
	ResponseSubmitted   Type = "survey.response.v1"
	CalendarCreated     Type = "calendar.event.created.v1"
	CalendarUpdated     Type = "calendar.event.updated.v1"
	CalendarCancelled   Type = "calendar.event.cancelled.v1"
	CalendarHeld        Type = "calendar.event.held.v1"
	CostEntered         Type = "cost.entry.v1"
	CostReversed        Type = "cost.entry.reversed.v1"
	PopulationSnapshot  Type = "population.snapshot.v1"
	AreaDescribed       Type = "reference.area.v1"
	TargetSet           Type = "reference.target.v1"
	PeriodClosed        Type = "period.closed.v1"
	CardIssued          Type = "card.issued.v1"
	CardClosed          Type = "card.closed.v1"
	CardRekeyed         Type = "card.rekeyed.v1"
	ErasureRequested    Type = "card.erasure.requested.v1"
	RegistrationChanged Type = "registration.changed.v1"
	VolunteerEnrolled   Type = "volunteer.enrolled.v1"
	ShiftLogged         Type = "volunteer.shift.logged.v1"
	VolunteerEnded      Type = "volunteer.ended.v1"
	ReleasePublished    Type = "comms.release.published.v1"
	MediaHit            Type = "comms.media.hit.v1"
	PlatformUsed        Type = "platform.usage.v1"
	ServiceUsed         Type = "serviceuse.aggregate.v1"
	PartnerRegistered   Type = "partner.registered.v1"
	PartnerUpdated      Type = "partner.updated.v1"
	AgreementSigned     Type = "partner.agreement.signed.v1"
	AgreementEnded      Type = "partner.agreement.ended.v1"
	VenueRegistered     Type = "venue.registered.v1"
	VenueUpdated        Type = "venue.updated.v1"
	PhaseBegun          Type = "project.phase.v1"
	InterviewRecorded   Type = "interview.recorded.v1"
	PracticeDescribed   Type = "practice.described.v1"
	PrioritySet         Type = "plan.priority.v1"
	IndicatorImported   Type = "indicator.imported.v1"
	UnitCostSet         Type = "reference.unitcost.v1"
)

// Event is one CloudEvent with its decoded payload. A value that came out of [Decode] is valid.
type Event struct {
	// ID and Source together are the identity, which decides duplicates.
	ID     string
	Source string
	Type   Type
	// Subject is the session or entity concerned; may be empty.
	Subject string
	// Time is when it happened, in UTC.
	Time time.Time
	// Area is the extension areaid: the municipality the event belongs to, SSS if none.
	Area       string
	DataSchema string
	// Extensions holds the extension attributes this package does not know, by name; nil if there are none.
	Extensions map[string]string
	// Data is the payload as JSON without insignificant white space.
	Data []byte
	// Payload is Data decoded: a pointer to one of the payload types of this package.
	Payload Payload
}

// Payload is what Data decodes to.
type Payload interface {
	// entity returns the entity key's parts below its family; e carries the identity that some keys are made of.
	entity(e *Event) []string
}

// Identity is a hash of (source, id): equal for two events exactly if they are the same event.
type Identity = uuid.UUID

// Key is a hash of the entity key: equal for all events that speak of the same check-in, head count, calendar event, …
type Key = uuid.UUID

// Ref names the first event of an entity.
type Ref struct {
	Source string
	ID     string
}

// Family says which events fold into one kind of entity.
type Family string

// The families of this release, one per fact table.
const (
	CheckinFamily      Family = "checkin"
	HeadcountFamily    Family = "headcount"
	WaveFamily         Family = "wave"
	ResponseFamily     Family = "response"
	CalendarFamily     Family = "calendar"
	CostFamily         Family = "cost"
	PopulationFamily   Family = "population"
	AreaFamily         Family = "area"
	TargetFamily       Family = "target"
	PeriodFamily       Family = "period"
	CardFamily         Family = "card"
	RekeyFamily        Family = "rekey"
	ErasureFamily      Family = "erasure"
	RegistrationFamily Family = "registration"
	VolunteerFamily    Family = "volunteer"
	ShiftFamily        Family = "shift"
	ReleaseFamily      Family = "release"
	MediaHitFamily     Family = "media_hit"
	PlatformFamily     Family = "platform"
	ServiceUseFamily   Family = "service_use"
	PartnerFamily      Family = "partner"
	AgreementFamily    Family = "agreement"
	VenueFamily        Family = "venue"
	ProjectFamily      Family = "project"
	InterviewFamily    Family = "interview"
	PracticeFamily     Family = "practice"
	PriorityFamily     Family = "priority"
	ImportedFamily     Family = "imported"
	UnitCostFamily     Family = "unit_cost"
)
