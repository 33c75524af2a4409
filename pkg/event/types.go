package event

import "slices"

// kind says how an event takes part in the fold of its entity.
type kind uint8

const (
	opens  kind = iota // an event in its own right
	amends             // names the event it corrects in original
	voids              // takes back the event it names in original
)

// codec is what this package knows about one type.
type codec struct {
	typ    Type
	family Family
	kind   kind
	// read decodes the payload at the cursor.
	read func(r *reader) Payload
	// write appends the payload; ok is false if it is of another type's kind.
	write func(b []byte, p Payload) (out []byte, ok bool)
}

// codecs holds every type, in the order of the constants. The package comment says how to add one.
var codecs = []codec{
	newCodec(CheckinRecorded, CheckinFamily, opens, newCheckin, checkinRecordedFields, agesAgree),
	newCodec(CheckinCorrected, CheckinFamily, amends, newCheckin, checkinCorrectedFields, agesAgree),
	newCodec(CheckinVoided, CheckinFamily, voids, newOf[Void], voidFields),
	newCodec(HeadcountRecorded, HeadcountFamily, opens, newOf[Headcount], headcountRecordedFields),
	newCodec(HeadcountCorrected, HeadcountFamily, amends, newOf[Headcount], headcountCorrectedFields),
	newCodec(HeadcountVoided, HeadcountFamily, voids, newOf[Void], voidFields),
	newCodec(WaveOpened, WaveFamily, opens, newOf[Wave], waveFields),
	newCodec(WaveClosed, WaveFamily, opens, func() *Wave { return &Wave{Closed: true} }, waveFields),
	newCodec(ResponseSubmitted, ResponseFamily, opens, newOf[Response], responseFields),
	newCodec(CalendarCreated, CalendarFamily, opens, newOf[Calendar], calendarPlannedFields),
	newCodec(CalendarUpdated, CalendarFamily, opens, newOf[Calendar], calendarPlannedFields),
	newCodec(CalendarCancelled, CalendarFamily, opens, newOf[Calendar], calendarCancelledFields),
	newCodec(CalendarHeld, CalendarFamily, opens, newOf[Calendar], calendarHeldFields),
	newCodec(CostEntered, CostFamily, opens, newCost, costFields, oneAllocation),
	newCodec(CostReversed, CostFamily, voids, newOf[Void], voidFields),
	newCodec(PopulationSnapshot, PopulationFamily, opens, newOf[Population], populationFields),
	newCodec(AreaDescribed, AreaFamily, opens, newOf[Area], areaFields),
	newCodec(TargetSet, TargetFamily, opens, newOf[Target], targetFields, groupsAgree),
	newCodec(PeriodClosed, PeriodFamily, opens, newOf[Period], periodFields, periodStartsRight),
	newCodec(CardIssued, CardFamily, opens, newOf[Card], cardIssuedFields, cardAgesAgree),
	newCodec(CardClosed, CardFamily, opens, func() *Card { return &Card{Closed: true} }, cardClosedFields, cardAgesAgree),
	newCodec(CardRekeyed, RekeyFamily, opens, newOf[Rekey], rekeyFields),
	newCodec(ErasureRequested, ErasureFamily, opens, newOf[Erasure], erasureFields),
	newCodec(RegistrationChanged, RegistrationFamily, opens, newOf[Registration], registrationFields),
	newCodec(VolunteerEnrolled, VolunteerFamily, opens, newOf[Volunteer], volunteerFields),
	newCodec(ShiftLogged, ShiftFamily, opens, newOf[Shift], shiftFields),
	newCodec(VolunteerEnded, VolunteerFamily, opens, func() *Volunteer { return &Volunteer{Ended: true} }, volunteerFields),
	newCodec(ReleasePublished, ReleaseFamily, opens, newOf[Communication], communicationFields),
	newCodec(MediaHit, MediaHitFamily, opens, newOf[Communication], communicationFields),
	newCodec(PlatformUsed, PlatformFamily, opens, newOf[PlatformUsage], platformFields),
	newCodec(ServiceUsed, ServiceUseFamily, opens, newOf[ServiceUse], serviceUseFields, suppressedIsEmpty),
	newCodec(PartnerRegistered, PartnerFamily, opens, newOf[Partner], partnerFields),
	newCodec(PartnerUpdated, PartnerFamily, opens, newOf[Partner], partnerFields),
	newCodec(AgreementSigned, AgreementFamily, opens, newOf[Agreement], agreementFields),
	newCodec(AgreementEnded, AgreementFamily, opens, func() *Agreement { return &Agreement{Ended: true} }, agreementFields),
	newCodec(VenueRegistered, VenueFamily, opens, newOf[Venue], venueFields),
	newCodec(VenueUpdated, VenueFamily, opens, newOf[Venue], venueFields),
	newCodec(PhaseBegun, ProjectFamily, opens, newOf[ProjectPhase], projectFields),
	newCodec(InterviewRecorded, InterviewFamily, opens, newOf[Interview], interviewFields),
	newCodec(PracticeDescribed, PracticeFamily, opens, newOf[Practice], practiceFields),
	newCodec(PrioritySet, PriorityFamily, opens, newOf[Priority], priorityFields),
	newCodec(IndicatorImported, ImportedFamily, opens, newOf[Imported], importedFields),
	newCodec(UnitCostSet, UnitCostFamily, opens, newOf[UnitCost], unitCostFields),
}

func newOf[T any]() *T { return new(T) }

// newCodec ties a type to a table; checks look at attributes that depend on each other.
func newCodec[T any, P interface {
	*T
	Payload
}](typ Type, family Family, k kind, empty func() *T, fields []field[T], checks ...func(*reader, *T)) codec {
	return codec{
		typ: typ, family: family, kind: k,
		read: func(r *reader) Payload {
			p := empty()
			readObject(r, fields, p)
			for _, check := range checks {
				check(r, p)
			}
			return P(p)
		},
		write: func(b []byte, p Payload) ([]byte, bool) {
			v, ok := p.(P)
			if !ok || v == nil {
				return b, false
			}
			return writeObject(b, fields, (*T)(v)), true
		},
	}
}

var codecOf = func() map[Type]*codec {
	m := make(map[Type]*codec, len(codecs))
	for i := range codecs {
		m[codecs[i].typ] = &codecs[i]
	}
	return m
}()

var allTypes = func() (list []Type) {
	for _, c := range codecs {
		list = append(list, c.typ)
	}
	return list
}()

// Types returns every event type of this release.
func Types() []Type { return slices.Clone(allTypes) }

// Family returns the family that a type belongs to, "" for an unknown type.
func (t Type) Family() Family {
	if c := codecOf[t]; c != nil {
		return c.family
	}
	return ""
}

// Corrects reports whether events of the type carry full data and name the event that they correct.
func (t Type) Corrects() bool { c := codecOf[t]; return c != nil && c.kind == amends }

// Voids reports whether events of the type take an entity back for good.
func (t Type) Voids() bool { c := codecOf[t]; return c != nil && c.kind == voids }
