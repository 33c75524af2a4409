package aggregator

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// response is one answered questionnaire.
type response struct {
	claim
	id           string
	area         string
	band         string
	sex          string
	education    string
	targetGroups []string
	partnerKind  string
	stratum      string
	psu          string
	panel        string  // pseudonym, made with a key of its own; "" none
	weight       float64 // 0: none given
	complete     bool
	items        map[string]int32
}

func (a *ages) scanResponse(row func(...any) error) (r response, err error) {
	err = row(&r.id, &r.order.Time, &r.order.ID, &r.order.Hash, &r.area, &r.band, &r.sex, &r.education, &r.targetGroups, &r.partnerKind,
		&r.stratum, &r.psu, &r.panel, &r.weight, &r.complete, &r.items)
	r.band = a.bandOfText(r.band)
	return r, err
}

// wave is a survey wave as its last description has it.
type wave struct {
	claim
	id           string
	starts, ends indicator.Date
	instrument   string
	version      string
	strata       []stratum // of the last description that names any
}

func (w *wave) period() indicator.Period {
	return indicator.Period{Type: indicator.Wave, Start: w.starts}
}

func (a *Aggregator) waves(ctx context.Context) ([]wave, error) {
	rows, err := warehouse.Collect(ctx, a.db, statement("waves"), scanWave)
	of := func(w *wave) (*claim, string) { return &w.claim, w.id }
	waves := latest(rows, nil, of)
	described := latest(slices.DeleteFunc(rows, func(w wave) bool { return len(w.strata) == 0 }), nil, of)
	for i := range waves {
		for _, d := range described {
			if d.id == waves[i].id {
				waves[i].strata = d.strata
			}
		}
	}
	return waves, err
}

func scanWave(row func(...any) error) (w wave, err error) {
	var starts, ends int32
	var areas, groups, sexes []string
	var sampled []uint32
	err = row(&w.id, &w.order.Time, &w.order.ID, &w.order.Hash, &starts, &ends, &w.instrument, &w.version, &areas, &groups, &sexes, &sampled)
	w.starts, w.ends = indicator.Date(starts), indicator.Date(ends)
	for i := range areas {
		s := stratum{area: areas[i], group: groups[i], sampled: int64(sampled[i])}
		if i < len(sexes) { // rows from before strata had a sex have none
			s.sex = sexes[i]
		}
		w.strata = append(w.strata, s)
	}
	return w, err
}

// shut reports whether the wave's numbers are final: 30 days after its end.
func (a *Aggregator) shut(w *wave) bool {
	return w.ends+indicator.Date(indicator.Wave.Grace()) <= a.today() || a.byHand[w.period()]
}

// publishWaves publishes the waves with news, and those that have closed since. It takes turns with others that read and
// write.
func (a *Aggregator) publishWaves(ctx context.Context, turn *sync.Mutex) error {
	waves, err := a.dueWaves(ctx, turn)
	if err != nil {
		return fmt.Errorf("load waves: %w", err)
	}
	for _, w := range waves {
		if err := a.publishWave(ctx, turn, w); err != nil {
			return fmt.Errorf("publish wave %s: %w", w.id, err)
		}
	}
	return nil
}

// dueWaves returns the waves to be published, each with the one before it. What a panel changed follows from both.
func (a *Aggregator) dueWaves(ctx context.Context, turn *sync.Mutex) (due []dueWave, err error) {
	turn.Lock()
	defer turn.Unlock()
	waves, err := a.waves(ctx)
	for i := range waves {
		w := &waves[i]
		d := dueWave{w, waveBefore(w, waves)}
		news := a.head.Waves[w.id] || d.before != nil && a.head.Waves[d.before.id]
		if !a.head.PastWaves[w.id] && (a.head.PublishAll != "" || news || a.settled(w) && a.ledger.openWave(w)) {
			due = append(due, d)
		}
	}
	return due, err
}

type dueWave struct {
	*wave
	before *wave
}

func (l *ledger) openWave(w *wave) bool {
	for k := range l.periods[w.period()] {
		if k.wave == w.id {
			return true
		}
	}
	return false
}

// responsesOf returns the responses of a wave that are in force, in the order of the fold.
func (a *Aggregator) responsesOf(ctx context.Context, w *wave) ([]response, error) {
	rows, err := warehouse.Collect(ctx, a.db, statement("responses", "wave", quote(w.id)), a.ages.scanResponse)
	return latest(rows, nil, func(r *response) (*claim, string) { return &r.claim, r.id }), err
}

// readWave returns the responses of a wave, and the panel since the wave before; nil without one.
func (a *Aggregator) readWave(ctx context.Context, turn *sync.Mutex, w dueWave) ([]response, *panel, error) {
	turn.Lock()
	defer turn.Unlock()
	responses, err := a.responsesOf(ctx, w.wave)
	inPanel := func(r response) bool { return r.panel != "" }
	if err != nil || w.before == nil || a.head.PastWaves[w.before.id] || !slices.ContainsFunc(responses, inPanel) {
		return responses, nil, err
	}
	earlier, err := a.responsesOf(ctx, w.before)
	return responses, newPanel(w.before.id, earlier, responses), err
}

func (a *Aggregator) publishWave(ctx context.Context, turn *sync.Mutex, of dueWave) error {
	w := of.wave
	responses, panel, err := a.readWave(ctx, turn, of)
	if err != nil {
		return err
	}
	published, err := a.waveRows(w, responses, panel)
	if err != nil {
		return err
	}
	turn.Lock()
	defer turn.Unlock()
	var out outbox
	p := w.period()
	var before map[indicator.Date]publishedRows
	if a.shut(w) {
		if before, err = a.published(ctx, p.Type, []indicator.Date{p.Start}, w.id); err != nil {
			return err
		}
	}
	if a.settled(w) || before[p.Start].final() {
		if of.before != nil && a.head.PastWaves[of.before.id] { // what the panel changed since then stays
			maps.DeleteFunc(before[p.Start], func(k pubKey, _ publication) bool { return k.dimension == panelDimension })
		}
		a.reviseFinal(&out, before[p.Start], published, reasonLate)
		if err := a.noteWithheld(ctx, p.Type, []indicator.Date{p.Start}, w.id, out.withheld); err != nil {
			return err
		}
	} else {
		a.ledger.compare(&out, p, published, func(k pubKey) bool { return k.wave == w.id })
	}
	return a.send(ctx, &out)
}

// waveRows returns the rows of all survey indicators, worked out side by side.
func (a *Aggregator) waveRows(w *wave, responses []response, pn *panel) ([]publication, error) {
	rows, changes := make([][]publication, len(a.cfg.Catalogue)), make([][]publication, len(a.cfg.Catalogue))
	of := a.respondents(responses)
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, e := range a.cfg.Catalogue {
		work := a.surveyRows
		if asks(e) {
			work = a.responseRows
		} else if e.Survey == nil {
			continue
		}
		group.Go(func() (err error) {
			if rows[i], err = work(e, w, of); err == nil && pn != nil && e.Survey != nil {
				changes[i], err = a.panelRows(e, w, pn)
			}
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(slices.Concat(rows...), slices.Concat(changes...)), err
}

// respondents are the responses of a wave with what every indicator asks of them.
type respondents struct {
	responses []response
	answers   []indicator.Answer
	atoms     []atom            // by response
	areas     []string          // all in which any lives
	in        map[string][]bool // by area, by response
}

func (a *Aggregator) respondents(responses []response) *respondents {
	rs := &respondents{responses: responses, answers: answers(responses), atoms: make([]atom, len(responses)), in: map[string][]bool{}}
	for i := range responses {
		r := &responses[i]
		rs.atoms[i] = a.ages.atom(r.band, cmp.Or(r.sex, unknown))
		for _, area := range a.places.path(r.area) {
			if rs.in[area] == nil {
				rs.in[area] = make([]bool, len(responses))
			}
			rs.in[area][i] = true
		}
	}
	rs.areas = slices.Sorted(maps.Keys(rs.in))
	return rs
}

// domain is a published row of a survey and who belongs to it.
type domain struct {
	slot
	in func(response int) bool
}

// surveyRows returns the rows of one survey indicator: area × age group × sex, and area × member.
func (a *Aggregator) surveyRows(e *indicator.Entry, w *wave, of *respondents) ([]publication, error) {
	sample := e.Sample(of.answers)
	var out []publication
	for _, d := range a.domains(e, of) {
		v, err := sample.Estimate(d.in)
		if err != nil {
			return nil, err
		}
		if v.Respondents == 0 {
			continue
		}
		p := newPublication(e, pubKey{period: w.period(), wave: w.id, slot: d.slot}, v)
		out = append(out, p)
	}
	return out, a.protectSurvey(e, w, sample, of.responses, out)
}

func answers(responses []response) []indicator.Answer {
	as := make([]indicator.Answer, len(responses))
	for i := range responses {
		r := &responses[i]
		as[i] = indicator.Answer{Items: r.items, Weight: r.weight, Stratum: r.stratum, PSU: r.psu}
	}
	return as
}

func (a *Aggregator) domains(e *indicator.Entry, of *respondents) []domain {
	var ds []domain
	members := map[string][]string{}
	for _, dim := range e.Dimensions() {
		members[dim] = memberValues(of.responses, dim)
	}
	for _, area := range of.areas {
		inArea := of.in[area]
		ds = append(ds, a.personDomains(e, area, inArea, of.atoms)...)
		for _, dim := range e.Dimensions() {
			for _, m := range members[dim] {
				s := slot{indicator: e.ID, area: area, group: everyone, sex: everyone, dimension: dim, member: m}
				ds = append(ds, domain{s, func(i int) bool { return inArea[i] && slices.Contains(of.responses[i].membersOf(dim), m) }})
			}
		}
	}
	return ds
}

func (a *Aggregator) personDomains(e *indicator.Entry, area string, inArea []bool, atomOf []atom) []domain {
	var ds []domain
	for i := range a.ages.people {
		of := &a.ages.people[i]
		if !shows(e, of) {
			continue
		}
		s := slot{indicator: e.ID, area: area, scheme: of.scheme, group: of.group, sex: of.sex, member: everyone}
		atoms := make([]bool, a.ages.atoms())
		for _, x := range of.atoms {
			atoms[x] = true
		}
		ds = append(ds, domain{s, func(i int) bool { return inArea[i] && atoms[atomOf[i]] }})
	}
	return ds
}

func memberValues(responses []response, dimension string) []string {
	seen := map[string]bool{}
	for i := range responses {
		for _, m := range responses[i].membersOf(dimension) {
			seen[m] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// protectSurvey hides groups with fewer respondents than the entry's minimum, or with too few people on one side of the
// question, and whatever would give those away: numbers of respondents add up like visits do. The minimum keeps figures from
// resting on a few answers; that nobody is recognised asks for the threshold of persons, and so does what is hidden besides.
func (a *Aggregator) protectSurvey(e *indicator.Entry, w *wave, sample *indicator.Sample, responses []response, rows []publication) error {
	var marked []slot
	for i := range rows {
		p := &rows[i]
		few := p.respondents > 0 && p.respondents < int64(e.MinimumN)
		if few || disclosure.SmallShare(int64(p.numerator), int64(p.denominator), a.cfg.Threshold) {
			marked = append(marked, p.slot)
		}
	}
	g := &grid{period: w.period(), areas: map[string]*areaGrid{}}
	for _, i := range sample.Asked() {
		a.countRespondent(g, e, &responses[i])
	}
	mask, err := a.mask(g, indicator.Respondents, e.Dimensions(), a.cfg.Threshold, marked, nil, nil)
	if err != nil {
		return err
	}
	for i := range rows {
		if mask.hides(rows[i].slot) {
			rows[i].protect()
		}
	}
	return nil
}

// countRespondent adds a respondent to the areas, the group and the members that they belong to.
func (a *Aggregator) countRespondent(g *grid, e *indicator.Entry, r *response) {
	const m = indicator.Respondents
	for _, area := range a.places.path(r.area) {
		c := g.areas[area]
		if c == nil {
			c = newAreaGrid()
			g.areas[area] = c
		}
		c.group(a.ages, m)[a.ages.atom(r.band, cmp.Or(r.sex, unknown))]++
		for _, d := range e.Dimensions() {
			for _, member := range r.membersOf(d) {
				c.member(m)[memberKey{d, member}]++
			}
		}
	}
}

// membersOf returns what the respondent is along a dimension.
func (r *response) membersOf(dimension string) []string {
	one := r.education
	switch dimension {
	case "target_group":
		return r.targetGroups
	case "type":
		one = r.partnerKind
	}
	if one == "" {
		return nil
	}
	return []string{one}
}
