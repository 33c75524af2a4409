package aggregator

import (
	"bytes"
	"cmp"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// head is what the aggregator must remember between refreshes beside its tables. It travels in the journal.
type head struct {
	// Watermark is the last batch taken in, by writer.
	Watermark map[uuid.UUID]uint64
	// History is the first day on which anything happened; 0 before the first rebuild.
	History indicator.Date
	// Pending are the periods whose cells changed since their breakdowns were last published, with the reason that a
	// revision of them would have.
	Pending map[string]string
	// Waves are the survey waves with news.
	Waves map[string]bool
	// Late are the survey waves that were heard of when they should have been final, or nobody had described them, and the day on which
	// they last were: see arriving.
	Late map[string]indicator.Date
	// Targets are the targets with news.
	Targets map[string]bool
	// Compared says up to where comparisons have been made.
	Compared compared
	// PublishAll, if not empty, asks for all periods to be published, and is the reason that revisions would have.
	PublishAll string
	// DetailedOn is the day of the last publication of breakdowns.
	DetailedOn indicator.Date
	// Limit is the day before which visits do not count as somebody's any more, see retain; 0: none have been taken away.
	Limit indicator.Date
	// PastWaves are the survey waves whose answers have been taken away: they are not published any more.
	PastWaves map[string]bool
	// Forgetting is set while facts that do not count any more are removed.
	Forgetting bool
	// Judged is the day as of which the venues' silence stands in the cells, see judge.
	Judged indicator.Date
	// Kept is the signature of what the catalogue needed when the cells were made.
	Kept string
	// Erased are closed periods whose cells have changed by an erasure, which their final figures do not follow.
	Erased map[string]bool
	// Rebuilding is set while the state tables are made anew: they cannot be trusted until it is cleared.
	Rebuilding bool
}

func newHead() head {
	return head{Watermark: map[uuid.UUID]uint64{}, Pending: map[string]string{}, Waves: map[string]bool{}, Targets: map[string]bool{}, Erased: map[string]bool{}, PastWaves: map[string]bool{}, Late: map[string]indicator.Date{}}
}

// limit is Limit as a day with which others can be compared: the first day there is, if none have been taken away.
func (h head) limit() indicator.Date {
	if h.Limit == 0 {
		return firstDay
	}
	return h.Limit
}

// firstDay is that of the warehouse's calendar, 1900-01-01.
const firstDay indicator.Date = -25_567

func (h head) clone() head {
	h.Watermark, h.Pending, h.Waves = maps.Clone(h.Watermark), maps.Clone(h.Pending), maps.Clone(h.Waves)
	if h.Targets = maps.Clone(h.Targets); h.Targets == nil { // of a journal from before there were any
		h.Targets = map[string]bool{}
	}
	if h.Erased = maps.Clone(h.Erased); h.Erased == nil {
		h.Erased = map[string]bool{}
	}
	if h.Late = maps.Clone(h.Late); h.Late == nil {
		h.Late = map[string]indicator.Date{}
	}
	if h.PastWaves = maps.Clone(h.PastWaves); h.PastWaves == nil {
		h.PastWaves = map[string]bool{}
	}
	return h
}

func (h *head) advance(b batches) { maps.Copy(h.Watermark, b.taken) }

func (h *head) noteOthers(w *work) {
	maps.Copy(h.Waves, w.waves)
	maps.Copy(h.Targets, w.targets)
	h.noteClosed(w.closed)
	if w.prices {
		h.PublishAll = cmp.Or(h.PublishAll, reasonReference)
	}
}

// The reasons of revisions, weightiest last.
const (
	reasonLate       = "late_data"
	reasonCorrection = "correction"
	reasonReference  = "reference_change"
	reasonMethod     = "method_change"
	reasonErasure    = "erasure" // of no revision: what is final stays
)

// notePeriods marks the periods of changed cells as pending.
func (h *head) notePeriods(ps periods, reason string) {
	for p := range ps {
		before := h.Pending[p.String()]
		if before != reasonCorrection && (reason != reasonErasure || before == "") {
			h.Pending[p.String()] = reason
		}
	}
}

// noteClosed marks periods that were closed by hand as pending: some of them had closed by themselves, but for rows that lack what a silent
// venue has not told. Like any other closing this carries no erasure into final figures.
func (h *head) noteClosed(byHand map[string]bool) {
	for name := range byHand {
		p, err := parsePeriod(name)
		if err != nil || !slices.Contains(indicator.PeriodTypes[:], p.Type) {
			continue
		}
		reason := reasonLate
		if h.Erased[name] {
			reason = reasonErasure
		}
		h.notePeriods(periods{p: true}, reason)
	}
}

// parsePeriod reads what indicator.Period.String wrote.
func parsePeriod(s string) (indicator.Period, error) {
	t, start, _ := strings.Cut(s, "/")
	d, err := indicator.ParseDate(start)
	return indicator.Period{Type: indicator.PeriodType(t), Start: d}, err
}

// batches are ingested batches beyond the watermark.
type batches struct {
	taken   map[uuid.UUID]uint64 // new watermark of each writer with news
	from    map[uuid.UUID]uint64 // the old one
	rows    int
	more    bool     // there were more than one refresh takes
	erasure bool     // they tell of an erasure, and of nothing else
	waves   []string // of a rebuild: of which the news beyond the watermark tell
}

func (b batches) where() string {
	var parts []string
	for w, to := range b.taken {
		parts = append(parts, fmt.Sprintf("(writer = '%s' AND wseq > %d AND wseq <= %d)", w, b.from[w], to))
	}
	slices.Sort(parts)
	return strings.Join(parts, " OR ")
}

// beyond returns the batches to take in: all new ones, but no more rows than one refresh should hold. A writer's batches
// are taken in their order, so that the watermark leaves none behind. Erasures, which have writers of their own, are taken
// in by themselves, since final figures do not follow them.
func (a *Aggregator) beyond(ctx context.Context) (batches, error) {
	b := batches{taken: map[uuid.UUID]uint64{}, from: a.head.Watermark}
	erasure := batches{taken: map[uuid.UUID]uint64{}, from: a.head.Watermark, erasure: true}
	err := warehouse.Each(ctx, a.db, statement("watermark", "beyond", a.head.beyond()), func(row func(...any) error) error {
		var writer uuid.UUID
		var wseq, rows uint64
		var erased bool
		if err := row(&writer, &wseq, &rows, &erased); err != nil {
			return err
		}
		if erased {
			erasure.taken[writer] = wseq
			erasure.rows += int(rows)
			return nil
		}
		if b.more = b.more || b.rows > 0 && b.rows+int(rows) > a.cfg.MaxChanges; !b.more {
			b.taken[writer] = wseq
			b.rows += int(rows)
		}
		return nil
	})
	if b.rows == 0 {
		return erasure, err
	}
	b.more = b.more || erasure.rows > 0
	return b, err
}

// beyond is the condition for changes that the watermark does not cover.
func (h head) beyond() string {
	if len(h.Watermark) == 0 {
		return "1"
	}
	var known []uuid.UUID
	var parts []string
	for w, wseq := range h.Watermark {
		known = append(known, w)
		parts = append(parts, fmt.Sprintf("(writer = '%s' AND wseq > %d)", w, wseq))
	}
	slices.Sort(parts)
	slices.SortFunc(known, compareUUID)
	return strings.Join(parts, " OR ") + " OR writer NOT IN (" + uuids(known) + ")"
}

func init() {
	for _, v := range []any{
		[]string{}, [][]string{}, []uint8{}, []uint16{}, []uint64{}, []int32{}, []int64{}, []uuid.UUID{}, [][]uuid.UUID{}, []time.Time{},
	} {
		gob.Register(v)
	}
}

// commit makes the generation last: first all of it in the journal, by one insert into one partition, then each table.
// From the moment the journal has it, it will be completed, by this process or the next.
func (a *Aggregator) commit(ctx context.Context, g *generation) error {
	reason := reasonLate
	if g.amended {
		reason = reasonCorrection
	}
	if g.erasure {
		reason = reasonErasure
		for p := range g.periods {
			if a.closed(p) {
				g.head.Erased[p.String()] = true
			}
		}
	}
	g.head.notePeriods(g.periods, reason)
	writes := g.writes(a.plan)
	if err := a.alone(ctx); err != nil {
		return err
	}
	if err := a.record(ctx, g, writes); err != nil {
		return err
	}
	a.crash("journal")
	for _, w := range writes {
		if err := a.apply(ctx, w); err != nil {
			return err
		}
		a.crash("apply " + w.Table)
	}
	a.head, a.generation = g.head, g.number
	if g.linked != nil {
		a.linked = g.linked
	}
	a.followSchedules(g)
	a.backlog.follow(g)
	a.follow(g.cells)
	return nil
}

// ErrNotAlone says that another aggregator writes to the same warehouse. There must be one.
var ErrNotAlone = errors.New("another aggregator has written to this warehouse; stop all but one")

// alone checks that the last generation is this aggregator's own. It finds a second aggregator, but is no lock: who runs
// several at once must not.
func (a *Aggregator) alone(ctx context.Context) error {
	return warehouse.Each(ctx, a.db, a.state.statement("newest"), func(row func(...any) error) error {
		var newest uint64
		if err := row(&newest); err != nil {
			return err
		}
		if newest != a.generation {
			return fmt.Errorf("generation %d, expected %d: %w", newest, a.generation, ErrNotAlone)
		}
		return nil
	})
}

func (a *Aggregator) record(ctx context.Context, g *generation, writes []write) error {
	text, err := json.Marshal(g.head)
	if err != nil {
		return fmt.Errorf("encode head of generation %d: %w", g.number, err)
	}
	targets, bodies := []string{""}, []string{string(text)}
	for _, w := range writes {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(w); err != nil {
			return fmt.Errorf("encode %s of generation %d: %w", w.Table, g.number, err)
		}
		targets, bodies = append(targets, w.Table), append(bodies, b.String())
	}
	n := len(targets)
	now := a.clock().UTC()
	return a.db.Insert(ctx, a.state.name+".journal",
		column("gen", n, func(int) uint64 { return g.number }),
		column("part", n, func(i int) uint16 { return uint16(i) }),
		warehouse.Column{Name: "target", Values: targets},
		warehouse.Column{Name: "body", Values: bodies},
		column("at", n, func(int) time.Time { return now }))
}

func (a *Aggregator) apply(ctx context.Context, w write) error {
	return a.db.Insert(ctx, a.state.name+"."+w.Table, w.Columns...)
}

// recover reads the last generation and writes its rows once more, in case the process that began it did not finish.
func (a *Aggregator) recover(ctx context.Context) error {
	a.head = newHead()
	sql := a.state.statement("last_generation")
	return warehouse.Each(ctx, a.db, sql, func(row func(...any) error) error {
		var target, body string
		if err := row(&a.generation, &target, &body); err != nil {
			return err
		}
		if target == "" {
			return json.Unmarshal([]byte(body), &a.head)
		}
		var w write
		if err := gob.NewDecoder(strings.NewReader(body)).Decode(&w); err != nil {
			return fmt.Errorf("generation %d of the journal: %w", a.generation, err)
		}
		return a.apply(ctx, w)
	})
}
