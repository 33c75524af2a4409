package ingester

import (
	"errors"
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // days are Finnish days, whatever the machine has installed

	"github.com/google/uuid"

	"vointi.fi/pkg/event"
)

// rows turns the events of one batch into the rows of their tables. A fact row is a pure function of its event: no
// arrival time, no writer, so that a redelivered event makes the same row and the warehouse keeps one.
//
// A new family of events is one function in rows_register.go, or a file rows_<family>.go if its rows are more than the
// attributes of its payload, and one line in newRows.
type rows struct {
	families map[event.Family]family
	facts    []*table // one per family
	keys     keyRows
	touched  []touch
}

// family fills the fact table of one family of events.
type family interface {
	// add appends the row of e and returns its scope: what must be computed again because of e.
	add(e *event.Event) (scope string)
	table() *facts
}

// touch says that an event concerns a scope.
type touch struct {
	family  event.Family
	scope   string
	chain   event.Identity
	message int
}

func newRows() *rows {
	r := &rows{families: map[event.Family]family{
		event.CheckinFamily:      newCheckinRows(),
		event.HeadcountFamily:    newHeadcountRows(),
		event.CalendarFamily:     newCalendarRows(),
		event.WaveFamily:         newWaveRows(),
		event.ResponseFamily:     newResponseRows(),
		event.CostFamily:         newCostRows(),
		event.PopulationFamily:   newPopulationRows(),
		event.AreaFamily:         newAreaRows(),
		event.TargetFamily:       newTargetRows(),
		event.PeriodFamily:       newPeriodRows(),
		event.CardFamily:         newCardRows(),
		event.RekeyFamily:        newRekeyRows(),
		event.ErasureFamily:      newErasureRows(),
		event.RegistrationFamily: newRegistrationRows(),
		event.VolunteerFamily:    newVolunteerRows(),
		event.ShiftFamily:        newShiftRows(),
		event.ReleaseFamily:      newCommunicationRows("release"),
		event.MediaHitFamily:     newCommunicationRows("media_hit"),
		event.PlatformFamily:     newPlatformRows(),
		event.ServiceUseFamily:   newServiceUseRows(),
		event.PartnerFamily:      newPartnerRows(),
		event.AgreementFamily:    newAgreementRows(),
		event.VenueFamily:        newVenueRows(),
		event.ProjectFamily:      newProjectRows(),
		event.InterviewFamily:    newInterviewRows(),
		event.PracticeFamily:     newPracticeRows(),
		event.PriorityFamily:     newPriorityRows(),
		event.ImportedFamily:     newImportedRows(),
		event.UnitCostFamily:     newUnitCostRows(),
	}, keys: newKeyRows()}
	for _, f := range r.families {
		r.facts = append(r.facts, &f.table().table)
	}
	return r
}

func (r *rows) reset() {
	for _, t := range r.facts {
		if t.rows() > 0 { // of most families there is nothing in a batch, and a batch of nothing comes several times a second
			t.truncate(0)
		}
	}
	r.keys.truncate(0)
	r.touched = r.touched[:0]
}

// grow makes room for the rows of the messages' events.
func (r *rows) grow(messages []message) {
	events := map[event.Family]int{}
	for i := range messages {
		if e := messages[i].event; e != nil {
			events[e.Family()]++
		}
	}
	r.touched = slices.Grow(r.touched, len(messages))
	for name, n := range events {
		if f, ok := r.families[name]; ok {
			f.table().grow(n)
		}
		if movable(name) {
			r.keys.grow(n)
		}
	}
}

// hashed is an event with its hashes, which cost too much to be made twice.
type hashed struct {
	*event.Event
	identity event.Identity
	hash     uint64
}

func hashedFromEvent(e *event.Event) *hashed { return &hashed{e, e.Identity(), e.Hash()} }

// chain is the identity of the original event.
func (e *hashed) chain() event.Identity {
	if e.Original() == nil {
		return e.identity
	}
	return e.Chain()
}

// rowsFromEvent appends all rows of e, the given message of the batch. On an error, which wraps errUnstorable and
// lists every fault, nothing is appended.
func (r *rows) rowsFromEvent(message int, e *hashed) error {
	f, ok := r.families[e.Family()]
	if !ok {
		return fmt.Errorf("%w: no table for the family %q", errUnstorable, e.Family())
	}
	t := f.table()
	before := t.rows()
	t.head(e)
	scope := f.add(e.Event)
	if err := t.fault(); err != nil {
		t.truncate(before)
		return err
	}
	t.scope.add(scope)
	t.message = append(t.message, message)
	touched := touch{family: e.Family(), scope: scope, chain: e.chain(), message: message}
	r.touched = append(r.touched, touched)
	if movable(touched.family) {
		r.keys.add(touched)
	}
	return nil
}

// movable tells whether events of one chain can name different scopes. In the other families the scope is part of the
// entity, so nothing is left behind that would have to be found again.
func movable(f event.Family) bool {
	return f == event.CheckinFamily || f == event.HeadcountFamily || f == event.CostFamily
}

// facts is a fact table: the columns that all of them begin with, and what could not be written into them.
type facts struct {
	table
	scope    *values[string]
	chain    *values[uuid.UUID]
	identity *values[uuid.UUID]
	hash     *values[uint64]
	source   *values[string]
	id       *values[string]
	time     *values[time.Time]
	area     *values[string]
	faults   []error
}

func newFacts(name string) facts {
	f := facts{table: table{name: "vointi_internal.facts_" + name}}
	t := &f.table
	f.scope = column[string](t, "scope")
	f.chain = column[uuid.UUID](t, "chain")
	f.identity = column[uuid.UUID](t, "identity")
	f.hash = column[uint64](t, "hash")
	f.source = column[string](t, "source")
	f.id = column[string](t, "id")
	f.time = column[time.Time](t, "time")
	f.area = column[string](t, "area")
	return f
}

func (f *facts) head(e *hashed) {
	f.chain.add(e.chain())
	f.identity.add(e.identity)
	f.hash.add(e.hash)
	f.source.add(e.Source)
	f.id.add(e.ID)
	f.time.add(f.instant("time", e.Time))
	f.area.add(e.Area)
}

// fault returns what made the last row unfit for its table, and forgets it.
func (f *facts) fault() error {
	if len(f.faults) == 0 {
		return nil
	}
	err := fmt.Errorf("%w: %w", errUnstorable, errors.Join(f.faults...))
	f.faults = nil
	return err
}

// errUnstorable: the event is valid, but the warehouse has no room for one of its values.
var errUnstorable = errors.New("unstorable")

// The instants that every time column can hold. The zero time is stored as 1970-01-01 and means unknown.
var (
	earliest = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)
	unknown  = time.Unix(0, 0).UTC()
)

func (f *facts) instant(name string, t time.Time) time.Time {
	if t.IsZero() {
		return unknown
	}
	if t.Before(earliest) || !t.Before(latest) {
		f.faults = append(f.faults, fmt.Errorf("%s %s: outside 1900 to 2261", name, t.Format(time.RFC3339)))
		return unknown
	}
	return t
}

// integer is what a column of unsigned numbers holds.
type integer interface {
	~uint8 | ~uint16 | ~uint32 | ~int32
}

// narrow brings a number into the width of its column; one that does not fit is a fault, never cut off.
func narrow[N integer](f *facts, name string, n int) N {
	if v := N(n); int(v) == n {
		return v
	}
	f.faults = append(f.faults, fmt.Errorf("%s %d: does not fit its column", name, n))
	return 0
}

// narrowOptional is narrow for a number that need not be there.
func narrowOptional[N integer](f *facts, name string, n *int) *N {
	if n == nil {
		return nil
	}
	v := narrow[N](f, name, *n)
	return &v
}

// pseudonym makes the 16 bytes of 32 hexadecimal digits; zero if there are none.
func (f *facts) pseudonym(name, hex string) uuid.UUID {
	if hex == "" {
		return uuid.UUID{}
	}
	id, err := uuid.Parse(hex)
	if err != nil {
		f.faults = append(f.faults, fmt.Errorf("%s: not 32 hexadecimal digits", name))
	}
	return id
}

var helsinki = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err) // cannot be: time/tzdata is linked in
	}
	return loc
}()

// day is the Finnish calendar day of an instant, as midnight UTC.
func day(t time.Time) time.Time {
	if t.Equal(unknown) {
		return unknown
	}
	y, m, d := t.In(helsinki).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// The values of kind in families that can be corrected and voided.
const (
	original  int8 = 0
	corrected int8 = 1
	voided    int8 = 2
)

func kindOf(amends *event.Ref) int8 {
	if amends != nil {
		return corrected
	}
	return original
}
