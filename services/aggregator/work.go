package aggregator

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/warehouse"
)

// work is what a refresh has to look at.
type work struct {
	chains      map[link]bool // of check-ins and head counts
	voided      map[link]bool
	sessions    map[string]bool
	costChains  map[uuid.UUID]bool
	costScopes  map[string]bool
	waves       map[string]bool
	responses   map[uuid.UUID]string // by chain, the wave
	targets     map[string]bool
	posted      map[event.Family]map[string]bool // scopes
	shifts      map[string]bool                  // scopes
	shiftChains map[uuid.UUID]bool
	closed      map[string]bool // periods, by hand
	prices      bool
	areas       bool
	population  bool
	amended     bool // corrections or voids among the changes
	rekeyed     bool // links among the changes
	cardChains  map[uuid.UUID]bool
	cardScopes  map[string]bool
	carded      map[uuid.UUID]bool   // persons whose cards may have changed
	cards       map[uuid.UUID][]card // theirs, as the facts have them
	holders     tenures
	families    map[uuid.UUID]familyChange // by changed person
	households  map[uuid.UUID]bool         // of these
	linked      links                      // as they are now
	whole       map[string]bool            // sessions of which every person is looked at
	pasts       map[uuid.UUID]past         // that persons have got from others that they turned out to be
	after       map[string]*session        // what the sessions have become
}

func newWork() *work {
	return &work{
		chains: map[link]bool{}, voided: map[link]bool{}, sessions: map[string]bool{},
		costChains: map[uuid.UUID]bool{}, costScopes: map[string]bool{}, waves: map[string]bool{}, targets: map[string]bool{}, responses: map[uuid.UUID]string{}, whole: map[string]bool{}, pasts: map[uuid.UUID]past{},
		cardChains: map[uuid.UUID]bool{}, cardScopes: map[string]bool{}, carded: map[uuid.UUID]bool{}, holders: tenures{}, families: map[uuid.UUID]familyChange{}, households: map[uuid.UUID]bool{},
		posted: map[event.Family]map[string]bool{}, closed: map[string]bool{}, shifts: map[string]bool{}, shiftChains: map[uuid.UUID]bool{},
	}
}

// touched reads what the batches touched and every other scope that the same chains ever claimed.
func (a *Aggregator) touched(ctx context.Context, b batches) (*work, error) {
	w := newWork()
	err := warehouse.Each(ctx, a.db, statement("changes", "batches", b.where()), func(row func(...any) error) error {
		var family, scope string
		var chain uuid.UUID
		err := row(&family, &scope, &chain)
		w.note(event.Family(family), scope, chain)
		return err
	})
	if err != nil {
		return nil, err
	}
	return w, a.addClaims(ctx, w)
}

func (w *work) note(family event.Family, scope string, chain uuid.UUID) {
	switch family {
	case event.CheckinFamily, event.HeadcountFamily:
		w.chains[link{family, chain}] = true
		w.addSession(scope)
	case event.CalendarFamily:
		w.addSession(scope)
	case event.CostFamily:
		w.costChains[chain] = true
	case event.WaveFamily:
		w.waves[scope] = true
	case event.ResponseFamily:
		w.noteResponse(scope, chain)
	case event.TargetFamily:
		w.targets[scope] = true
	case event.PopulationFamily:
		w.population = true
	case event.AreaFamily:
		w.areas = true
	case event.ShiftFamily:
		w.shifts[scope], w.shiftChains[chain] = true, true
	case event.PeriodFamily:
		w.closed[scope] = true
	case event.UnitCostFamily:
		w.prices = true
	case event.RekeyFamily:
		w.rekeyed = true
	case event.CardFamily:
		w.cardScopes[scope], w.cardChains[chain] = true, true
	case erased:
		w.noteErased(scope, chain)
	default:
		if posted[family] != "" {
			w.notePosting(family, scope)
		}
	}
}

// erased is the family of changes that tell of an erasure: of a chain of check-ins in a session that is no more.
const erased event.Family = "erased"

// noteErased looks at everybody in the session, since the facts no longer say who went; without a session, at the links.
func (w *work) noteErased(scope string, chain uuid.UUID) {
	if scope == "" {
		w.rekeyed = true
		return
	}
	w.chains[link{event.CheckinFamily, chain}] = true
	w.addWhole(scope)
}

func (w *work) addSession(scope string) {
	if scope == "" {
		w.amended = true
		return
	}
	w.sessions[scope] = true
}

func (a *Aggregator) addClaims(ctx context.Context, w *work) error {
	all := slices.Collect(maps.Keys(w.costChains))
	for l := range w.chains {
		all = append(all, l.chain)
	}
	for part := range slices.Chunk(all, 5000) {
		err := warehouse.Each(ctx, a.db, statement("claims", "chains", uuids(part)), func(row func(...any) error) error {
			var chain uuid.UUID
			var family, scope string
			err := row(&chain, &family, &scope)
			switch {
			case scope == "":
				w.voided[link{event.Family(family), chain}] = true
			case event.Family(family) == event.CostFamily:
				w.costScopes[scope] = true
			default:
				w.sessions[scope] = true
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
