package aggregator

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// answerKey names an answer that is followed by month, whatever wave it belongs to.
type answerKey struct{ wave, response, item string }

// answer is one in force: a row of vointi_internal.answers.
type answer struct {
	answerKey
	day                indicator.Date
	area               string
	code               int32
	session            string // that it is about; "" none
	activity, provider string // of the session, as far as it is known
}

type answerRow struct {
	answer
	deleted bool
}

// place gives the answer the activity type and provider of the session that it is about.
func (x *answer) place(of *session) {
	x.activity, x.provider = "", ""
	if of != nil {
		x.activity, x.provider = of.activity, of.provider
	}
}

// answerMeasure is a measure of answers to one item.
type answerMeasure struct {
	column [6]int // of the sums, by period type; -1: not kept
	along  [2]bool
	items  indicator.Values
	value  func(code int64) int64
}

// answerContribution returns how a measure of answers is counted.
func answerContribution(m indicator.Measure) (am answerMeasure, ok bool) {
	base, _, _ := m.Condition()
	am.items = m.Conditions()["item"]
	switch base {
	case indicator.Answered:
		am.value = func(int64) int64 { return 1 }
	case indicator.Answers:
		am.value = func(code int64) int64 { return code }
	case indicator.AnswerSquares:
		am.value = func(code int64) int64 { return code * code }
	}
	return am, am.value != nil
}

// addAnswer adds sign × an answer to every period and area that it belongs to.
func (p *plan) addAnswer(d *deltas, x answer, sign int64) {
	for i, t := range indicator.PeriodTypes {
		for j := range p.answers {
			am := &p.answers[j]
			if am.column[i] < 0 || !slices.Contains(am.items, x.item) {
				continue
			}
			value := sign * am.value(int64(x.code))
			for _, start := range t.Starts(x.day) {
				for _, area := range p.path(x.area) {
					b := d[i].at(spot{start, area})
					b.row(p.everybody)[am.column[i]] += value
					for dimension, member := range []string{x.activity, x.provider} {
						if am.along[dimension] && t.Detailed() {
							b.row(p.member(dimension, member))[am.column[i]] += value
						}
					}
				}
			}
		}
	}
}

// items are those that measures of answers ask for.
func (p *plan) items() []string {
	items := map[string]bool{}
	for _, am := range p.answers {
		for _, item := range am.items {
			items[item] = true
		}
	}
	return slices.Sorted(maps.Keys(items))
}

// feedback is a response as far as its answers are followed by month.
type feedback struct {
	claim
	response, area, session string
	day                     indicator.Date
	items                   map[string]int32
}

func scanFeedback(row func(...any) error) (f feedback, err error) {
	var day int32
	err = row(&f.scope, &f.response, &f.order.Time, &f.order.ID, &f.order.Hash, &f.area, &day, &f.session, &f.items)
	f.day = indicator.Date(day)
	return f, err
}

// answersOf returns the answers in force of some responses, and which responses these are; none of waves whose answers were
// taken away. They are not placed yet.
func (a *Aggregator) answersOf(ctx context.Context, where string) (answers map[answerKey]answer, responses map[[2]string]bool, err error) {
	rows, err := warehouse.Collect(ctx, a.db, statement("feedback", "where", where), scanFeedback)
	rows = slices.DeleteFunc(rows, func(f feedback) bool { return a.head.PastWaves[f.scope] })
	answers, responses = map[answerKey]answer{}, map[[2]string]bool{}
	items := a.plan.items()
	for _, f := range latest(rows, nil, func(f *feedback) (*claim, [2]string) { return &f.claim, [2]string{f.scope, f.response} }) {
		responses[[2]string{f.scope, f.response}] = true
		for _, item := range items {
			if code, ok := f.items[item]; ok {
				k := answerKey{f.scope, f.response, item}
				answers[k] = answer{answerKey: k, day: f.day, area: f.area, code: code, session: f.session}
			}
		}
	}
	return answers, responses, err
}

// diffAnswers adds what the changed responses answer differently, and the answers about sessions that changed their type or
// provider.
func (a *Aggregator) diffAnswers(ctx context.Context, w *work, before, after map[string]*session, g *generation) error {
	if len(a.plan.answers) == 0 {
		return nil
	}
	for _, wave := range w.responses {
		if a.head.PastWaves[wave] {
			a.metrics.tooLate.Inc()
		}
	}
	fresh, stored := map[answerKey]answer{}, map[answerKey]answer{}
	for part := range slices.Chunk(slices.SortedFunc(maps.Keys(w.responses), compareUUID), 2000) {
		answers, responses, err := a.answersOf(ctx, "scope IN ("+literals(slices.Sorted(maps.Keys(w.waves)))+") AND chain IN ("+uuids(part)+")")
		if err != nil {
			return err
		}
		maps.Copy(fresh, answers)
		if err := a.state.answers(ctx, "(wave, response) IN ("+pairs(responses)+")", stored); err != nil {
			return err
		}
	}
	changed := changedSessions(before, after)
	if len(changed) > 0 {
		about := map[answerKey]answer{}
		if err := a.state.answers(ctx, "session IN ("+literals(changed)+")", about); err != nil {
			return err
		}
		for k, x := range about {
			if _, looked := stored[k]; !looked {
				stored[k], fresh[k] = x, x
			}
		}
	}
	if err := a.placeAnswers(ctx, fresh, w, after); err != nil {
		return err
	}
	a.addAnswers(stored, fresh, g)
	return nil
}

// placeAnswers looks up the sessions that answers are about.
func (a *Aggregator) placeAnswers(ctx context.Context, answers map[answerKey]answer, w *work, after map[string]*session) error {
	named, err := a.sessionsNow(ctx, w, after, func(names map[string]bool) {
		for _, x := range answers {
			names[x.session] = true
		}
	})
	for k, x := range answers {
		x.place(named[x.session])
		answers[k] = x
	}
	return err
}

// sessionsNow returns the sessions that add names, as the refresh leaves them.
func (a *Aggregator) sessionsNow(ctx context.Context, w *work, after map[string]*session, add func(names map[string]bool)) (map[string]*session, error) {
	names := map[string]bool{}
	add(names)
	delete(names, "")
	var elsewhere []string
	for name := range names {
		if !w.sessions[name] {
			elsewhere = append(elsewhere, name)
		}
	}
	slices.Sort(elsewhere)
	named, err := a.state.sessionsNamed(ctx, elsewhere)
	if named == nil {
		named = map[string]*session{}
	}
	for name := range names {
		if s := after[name]; s != nil {
			named[name] = s
		}
	}
	return named, err
}

// addAnswers adds what two sets of answers differ by.
func (a *Aggregator) addAnswers(stored, fresh map[answerKey]answer, g *generation) {
	for k, old := range stored {
		if now, has := fresh[k]; !has || now != old {
			a.plan.addAnswer(g.deltas, old, -1)
			if !has {
				g.answers = append(g.answers, answerRow{old, true})
			}
		}
	}
	for k, now := range fresh {
		if old, had := stored[k]; !had || now != old {
			a.plan.addAnswer(g.deltas, now, +1)
			g.answers = append(g.answers, answerRow{now, false})
		}
	}
}

// feedback adds the answers that are followed by month, now that every session is stored.
func (b *build) feedback(ctx context.Context) error {
	if len(b.plan.answers) == 0 {
		return nil
	}
	answers, _, err := b.a.answersOf(ctx, "hasAny(mapKeys(items), ["+literals(b.plan.items())+"])")
	if err != nil {
		return err
	}
	of := map[string]bool{}
	for _, x := range answers {
		of[x.session] = true
	}
	named, err := b.sessionsNamed(ctx, of)
	if err != nil {
		return err
	}
	for k, x := range answers {
		x.place(named[x.session])
		answers[k] = x
		b.plan.addAnswer(b.cells, x, +1)
		b.gen.answers = append(b.gen.answers, answerRow{x, false})
	}
	return nil
}

// sessionsNamed returns sessions of the build by their ids, however many.
func (b *build) sessionsNamed(ctx context.Context, ids map[string]bool) (map[string]*session, error) {
	named := map[string]*session{}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(ids)), 2000) {
		sessions, err := b.into.sessionsNamed(ctx, part)
		if err != nil {
			return nil, err
		}
		maps.Copy(named, sessions)
	}
	return named, nil
}

// sessionsNamed returns stored sessions by their ids.
func (s store) sessionsNamed(ctx context.Context, ids []string) (map[string]*session, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.sessions(ctx, "session IN ("+literals(ids)+")")
}

// answers reads stored answers into a map.
func (s store) answers(ctx context.Context, where string, into map[answerKey]answer) error {
	return warehouse.Each(ctx, s.db, s.statement("answers", "where", where), func(row func(...any) error) error {
		var x answer
		var day int32
		err := row(&x.wave, &x.response, &x.item, &day, &x.area, &x.code, &x.session, &x.activity, &x.provider)
		x.day = indicator.Date(day)
		into[x.answerKey] = x
		return err
	})
}

// pairs lists pairs of strings for IN (…); none match nothing.
func pairs(of map[[2]string]bool) string {
	if len(of) == 0 {
		return "('','')"
	}
	var list []string
	for p := range of {
		list = append(list, "("+quote(p[0])+","+quote(p[1])+")")
	}
	slices.Sort(list)
	return joined(list)
}

// noteResponse marks a response as to be looked at.
func (w *work) noteResponse(wave string, chain uuid.UUID) {
	w.waves[wave] = true
	w.responses[chain] = wave
}
