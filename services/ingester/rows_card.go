package ingester

import (
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/event"
)

// The values of kind in facts_card.
const (
	cardIssued int8 = 1
	cardClosed int8 = 2
)

// cardRows is facts_card; the scope is where the holder lives.
type cardRows struct {
	facts
	kind         *values[int8]
	person       *values[uuid.UUID]
	household    *values[uuid.UUID]
	cardKind     *values[string]
	issuedAt     *values[time.Time]
	closedAt     *values[time.Time]
	birthYear    *values[uint16]
	ageBand      *values[string]
	ageScheme    *values[string]
	sex          *values[string]
	language     *values[string]
	targetGroups *values[[]string]
	consent      *values[string]
	keyVersion   *values[uint16]
}

func newCardRows() *cardRows {
	r := &cardRows{facts: newFacts("card")}
	t := &r.facts.table
	r.kind = column[int8](t, "kind")
	r.person = column[uuid.UUID](t, "person")
	r.household = column[uuid.UUID](t, "household")
	r.cardKind = column[string](t, "card_kind")
	r.issuedAt = column[time.Time](t, "issued_at")
	r.closedAt = column[time.Time](t, "closed_at")
	r.birthYear = column[uint16](t, "birth_year")
	r.ageBand = column[string](t, "age_band")
	r.ageScheme = column[string](t, "age_scheme")
	r.sex = column[string](t, "sex")
	r.language = column[string](t, "language")
	r.targetGroups = column[[]string](t, "target_groups")
	r.consent = column[string](t, "consent_version")
	r.keyVersion = column[uint16](t, "key_version")
	return r
}

func (r *cardRows) table() *facts { return &r.facts }

func (r *cardRows) add(e *event.Event) string {
	p := e.Payload.(*event.Card)
	f := &r.facts
	kind := cardIssued
	if p.Closed {
		kind = cardClosed
	}
	r.kind.add(kind)
	r.person.add(f.pseudonym("person_pseudonym", p.PersonPseudonym))
	r.household.add(f.pseudonym("household_pseudonym", p.Household))
	r.cardKind.add(p.Kind)
	r.issuedAt.add(f.instant("issued_at", p.IssuedAt))
	r.closedAt.add(f.instant("closed_at", p.ClosedAt))
	r.birthYear.add(narrow[uint16](f, "birth_year", orZero(p.BirthYear)))
	r.ageBand.add(p.AgeBand)
	r.ageScheme.add(p.AgeScheme)
	r.sex.add(p.Sex)
	r.language.add(p.Language)
	r.targetGroups.add(p.TargetGroups)
	r.consent.add(p.ConsentVersion)
	r.keyVersion.add(narrow[uint16](f, "key_version", p.KeyVersion))
	return p.HomeArea
}

// rekeyRows is facts_rekey; all links share one scope.
type rekeyRows struct {
	facts
	older      *values[uuid.UUID]
	newer      *values[uuid.UUID]
	keyVersion *values[uint16]
}

func newRekeyRows() *rekeyRows {
	r := &rekeyRows{facts: newFacts("rekey")}
	t := &r.facts.table
	r.older = column[uuid.UUID](t, "old_pseudonym")
	r.newer = column[uuid.UUID](t, "new_pseudonym")
	r.keyVersion = column[uint16](t, "key_version")
	return r
}

func (r *rekeyRows) table() *facts { return &r.facts }

func (r *rekeyRows) add(e *event.Event) string {
	p := e.Payload.(*event.Rekey)
	r.older.add(r.pseudonym("old_pseudonym", p.OldPseudonym))
	r.newer.add(r.pseudonym("new_pseudonym", p.NewPseudonym))
	r.keyVersion.add(narrow[uint16](&r.facts, "key_version", p.KeyVersion))
	return ""
}

// erasureRows is facts_erasure; the scope is a hash of the pseudonym, which is kept nowhere.
type erasureRows struct{ facts }

func newErasureRows() *erasureRows { return &erasureRows{newFacts("erasure")} }

func (r *erasureRows) table() *facts { return &r.facts }

func (r *erasureRows) add(e *event.Event) string {
	return event.PseudonymHash(e.Payload.(*event.Erasure).PersonPseudonym)
}
