package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stream"
	"vointi.fi/services/eraser"
)

// erasing runs an eraser until there is nothing to erase, and beside it the aggregator: at first, and whenever the eraser waits.
func (p *pipeline) erasing(crash func(step string)) ([]eraser.Proof, error) {
	p.Helper()
	cfg := eraser.DefaultConfig(durable)
	cfg.Poll = 25 * time.Millisecond
	cfg.Crash = crash
	waits := make(chan struct{}, 1)
	cfg.Show = func(string, int) {
		select {
		case waits <- struct{}{}:
		default:
		}
	}
	e := eraser.New(p.log, p.db, p.bus.Conn, p.bus.Publisher(), cfg)
	type result struct {
		proofs []eraser.Proof
		err    error
	}
	done := make(chan result, 1)
	ctx, cancel := context.WithTimeout(p.Context(), 30*time.Second)
	defer cancel()
	go func() {
		var r result
		defer func() {
			if stopped := recover(); stopped != nil {
				r.err = fmt.Errorf("%v: %w", stopped, errCrashed)
			}
			done <- r
		}()
		r.proofs, r.err = e.Step(ctx)
	}()
	for {
		p.must(p.agg.Step(p.Context()))
		select {
		case r := <-done:
			p.must(p.agg.Step(p.Context()))
			return r.proofs, r.err
		case <-waits:
		}
	}
}

var errCrashed = errors.New("crashed")

func (p *pipeline) erased() []eraser.Proof {
	p.Helper()
	proofs, err := p.erasing(func(string) {})
	p.must(err)
	return proofs
}

// found lists where anything of a pseudonym is still to be found: in any column of any table, and in any message.
func (p *pipeline) found(pseudonym string) (places []string) {
	p.Helper()
	dashed := strings.Join([]string{pseudonym[:8], pseudonym[8:12], pseudonym[12:16], pseudonym[16:20], pseudonym[20:]}, "-")
	tables := p.query(`SELECT concat(database, '.', name) FROM system.tables WHERE database IN ('vointi', 'vointi_internal', 'vointi_verify', 'vointi_rebuild')`)
	for _, table := range append(tables, "system.mutations", "system.parts") {
		n := p.query("SELECT toString(count()) FROM %s WHERE multiSearchAny(toString(tuple(*)), ['%s', '%s'])", table, pseudonym, dashed)
		if n[0] != "0" {
			places = append(places, table+" "+n[0])
		}
	}
	// Bodies of the journal are encoded: the bytes themselves.
	if n := p.query("SELECT toString(count()) FROM vointi_internal.journal WHERE position(body, unhex('%s')) > 0", pseudonym); n[0] != "0" {
		places = append(places, "journal "+n[0])
	}
	state, err := p.bus.StreamState(p.Context(), stream.Events)
	p.must(err)
	for s := max(state.First, p.earlier+1); s <= state.Last; s++ {
		m, err := p.bus.Get(p.Context(), stream.Events, s)
		if errors.Is(err, stream.ErrNotFound) {
			continue
		}
		p.must(err)
		if strings.Contains(string(m.Data)+fmt.Sprint(m.Header), pseudonym) {
			places = append(places, fmt.Sprintf("message %d %s", s, m.Subject))
		}
	}
	return places
}

func (p *pipeline) request(person string, at time.Time) *event.Event {
	p.Helper()
	return p.event(event.ErasureRequested, "erase-"+person[:4]+at.Format(time.RFC3339), at, &event.Erasure{PersonPseudonym: person})
}

// TestErasureFixture is the erasure's row of the worked example: P3 goes, open figures follow, final ones stay, and what
// comes again is not stored.
func TestErasureFixture(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	checkins := []*event.Event{
		p.event(event.CheckinRecorded, "c1", helsinki("17:02"), fixtureCheckin(p1, 1950)),
		p.event(event.CheckinRecorded, "c2", helsinki("17:03"), fixtureCheckin(p2, 1985)),
		p.event(event.CheckinRecorded, "c3", helsinki("17:04"), fixtureCheckin(p3, 2012)),
	}
	p.send(checkins...)
	p.send(p.event(event.CardIssued, "card", helsinki("10:00"), &event.Card{
		PersonPseudonym: p3, IssuedAt: helsinki("10:00"), HomeArea: kuusamo, ConsentVersion: "1", KeyVersion: 1,
	}))
	p.must(p.bus.Publisher().PublishRaw(p.Context(), "vointi.events.participation.checkin.v1.KU305", nil, []byte(`{"person_pseudonym":"`+p3+`"`)))
	p.must(p.bus.Publisher().PublishRaw(p.Context(), "vointi.events.participation.checkin.v1.KU305", nil, []byte(`{"person_pseudonym":"`+p3+`","code":"131052-308T"`)))
	p.ingest()
	// Another month is closed before the erasure.
	february := p.visits(p3, "2024-02-06", "2024-02-13")
	p.send(february...)
	p.setClock("2024-03-21")
	p.send()
	final := p.query("SELECT toString(tuple(*)) FROM vointi.indicators WHERE status = 'final' ORDER BY 1")
	if len(final) == 0 {
		t.Fatal("nothing is final")
	}
	p.equal("places before", len(p.found(p3)) > 5, true)

	request := p.request(p3, helsinki("23:00"))
	p.ingest(request)
	proofs := p.erased()
	if len(proofs) != 1 || proofs[0].Request != request.Identity() || proofs[0].Erased["facts_checkin"] != 3 || proofs[0].Erased["facts_card"] != 1 ||
		proofs[0].Erased["dead_letters"] != 2 || proofs[0].Remaining != 0 {
		t.Errorf("proofs: %+v", proofs)
	}
	p.equal("found", fmt.Sprint(p.found(p3)), "[]")
	p.equal("participants", p.cell("participants", kuusamo, indicator.Month, "2024-03-01"), 2)
	p.equal("visits", p.cell("visits", kuusamo, indicator.Month, "2024-03-01"), 2)
	p.equal("visits in February", p.cell("visits", kuusamo, indicator.Month, "2024-02-01"), 0)
	p.equal("final rows", fmt.Sprint(p.query("SELECT toString(tuple(*)) FROM vointi.indicators WHERE status = 'final' ORDER BY 1")), fmt.Sprint(final))
	p.verify()
	p.accounted()

	// Everything comes once more, as after a restored stream.
	p.send(append(append(checkins, february...), request)...)
	p.equal("participants after the replay", p.cell("participants", kuusamo, indicator.Month, "2024-03-01"), 2)
	p.erased()
	p.equal("found after the replay", fmt.Sprint(p.found(p3)), "[]")
	p.verify()
	p.accounted()

	// The person comes back, and counts again from then on.
	p.send(p.visits(p3, "2024-03-12")...)
	p.equal("participants later", p.cell("participants", kuusamo, indicator.Month, "2024-03-01"), 3)
	p.verify()
}

// accounted fails unless every message has a receipt and the accounts add up.
func (p *pipeline) accounted() {
	p.Helper()
	state, err := p.bus.StreamState(p.Context(), stream.Events)
	p.must(err)
	p.equal("receipts", p.query("SELECT toString(uniqExact(sequence)) FROM vointi_internal.receipts FINAL WHERE stream_created = fromUnixTimestamp64Milli(%d, 'UTC')", state.Created.UnixMilli())[0], fmt.Sprint(state.Last))
	p.equal("accounts", p.query("SELECT toString(sum(received) = sum(stored) + sum(dead) + sum(erased)) FROM vointi.reconciliation")[0], "1")
}

// TestErasureSurvivesCrashes ends the eraser after each of its effects in turn, and starts another: the end is the same as
// without, and the proof has the same numbers.
func TestErasureSurvivesCrashes(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	old := p.visits(p1, "2024-02-27", "2024-03-05")
	young := p.visits(p2, "2024-03-12")
	rekeyed := p.event(event.CardRekeyed, "k", young[0].Time, &event.Rekey{OldPseudonym: p1, NewPseudonym: p2, KeyVersion: 2})
	moved := fixtureCheckin(p3, 1970) // a correction gave one of the visits to somebody else
	moved.Original, moved.SessionID = &event.Ref{Source: emitter, ID: old[0].ID}, "N-2024-02-27"
	correction := p.event(event.CheckinCorrected, "x", old[0].Time.Add(time.Hour), moved)
	other := p.visits(p3, "2024-03-05")
	var want map[string]uint64
	for _, crashes := range []bool{false, true} {
		p.forget()
		p.restartAggregator()
		p.send(append(slices.Concat(old, young, other), rekeyed, correction)...)
		p.ingest(p.request(p2, young[0].Time.Add(time.Hour)))
		seen := map[string]bool{}
		crash := func(step string) {
			if crashes && !seen[step] {
				seen[step] = true
				panic(step)
			}
		}
		proofs, err := p.erasing(crash)
		for errors.Is(err, errCrashed) {
			proofs, err = p.erasing(crash)
		}
		p.must(err)
		p.equal("found", fmt.Sprint(p.found(p1), p.found(p2)), "[] []")
		p.equal("participants", p.cell("participants", kuusamo, indicator.Year, "2024-01-01"), 1)
		if want == nil {
			want = proofs[0].Erased
		}
		p.equal("erased", fmt.Sprint(proofs[0].Erased), fmt.Sprint(want))
		p.equal("stopped at every effect", len(seen) > 15, crashes)
	}
	p.verify()
}

// TestErasureReachesLinkedPseudonymsLater: a link is erased with the first request, or is never stored because of it. A second
// request, for either pseudonym, still reaches what came under the other in between.
func TestErasureReachesLinkedPseudonymsLater(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	old, young := p.visits(p1, "2024-02-06"), p.visits(p2, "2024-02-20")
	link := p.event(event.CardRekeyed, "k", young[0].Time.Add(-time.Hour), &event.Rekey{OldPseudonym: p1, NewPseudonym: p2, KeyVersion: 2})
	request := p.request(p1, young[0].Time.Add(time.Hour))
	for name, order := range map[string][][]*event.Event{
		"the link was stored": {old, {link}, young, {request}},
		"the link came later": {old, {request}, {link}, young},
	} {
		p.forget()
		p.restartAggregator()
		for _, events := range order {
			p.ingest(events...)
		}
		p.erased()
		p.send(append(p.visits(p1, "2024-03-05"), p.visits(p2, "2024-03-12")...)...) // the person comes back
		p.send(link)                                                                 // and again
		p.equal(name+": participants between the requests", p.cell("participants", kuusamo, indicator.Year, "2024-01-01"), 2)
		p.ingest(p.request(p1, helsinki("23:00").AddDate(0, 0, 10)))
		p.erased()
		p.equal(name+": found", fmt.Sprint(p.found(p1), p.found(p2)), "[] []")
		p.equal(name+": participants", p.cell("participants", kuusamo, indicator.Year, "2024-01-01"), 0)
	}
	p.verify()
	p.accounted()
}

// TestErasureIsTold: the update says how much, and names nobody.
func TestErasureIsTold(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	p.send(p.visits(p1, "2024-03-05")...)
	told := make(chan stream.Update, 1)
	stop, err := p.bus.OnUpdate(eraser.Completed, func(u stream.Update) { told <- u })
	p.must(err)
	defer stop()
	p.ingest(p.request(p1, helsinki("23:00")))
	proofs := p.erased()
	u := <-told
	var proof eraser.Proof
	p.must(json.Unmarshal(u.Data, &proof))
	if len(proofs) != 1 || proof.Erased["messages"] != 1 || proof.Request != proofs[0].Request || strings.Contains(string(u.Data), p1) {
		t.Errorf("told %s, want %+v", u.Data, proofs)
	}
	schema, err := jsonschema.NewCompiler().Compile("../../../schemas/updates/" + eraser.Completed + ".json")
	p.must(err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(u.Data))
	p.must(err)
	p.must(schema.Validate(value))
	p.equal("erased again", len(p.erased()), 0)
}
