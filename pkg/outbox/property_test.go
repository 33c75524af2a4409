package outbox_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/outbox"
)

// fate is what becomes of one attempt to send.
type fate int

const (
	arrives fate = iota
	lost         // on the way there
	unheard      // it arrived, and the answer was lost
	refused      // by what the events are
)

// road has a fate for each attempt, and lets everything arrive when there are no more.
type road struct {
	fates   []fate
	arrived []string
}

var errRoad = errors.New("the road is closed")

func (r *road) Send(_ context.Context, events []*event.Event) error {
	next := arrives
	if len(r.fates) > 0 {
		next, r.fates = r.fates[0], r.fates[1:]
	}
	if next == arrives || next == unheard {
		r.arrived = append(r.arrived, subjects(events)...)
	}
	switch next {
	case refused:
		return outbox.ErrRefused
	case lost, unheard:
		return errRoad
	default:
		return nil
	}
}

// TestEveryEventArrivesOrIsRefused holds the guarantee: whatever the road does and whenever the box is closed and opened
// again, what was taken arrives in order, or is kept as refused; and nothing else arrives.
func TestEveryEventArrivesOrIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "outbox")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		r := &road{fates: rapid.SliceOfN(rapid.SampledFrom([]fate{arrives, lost, unheard, refused}), 0, 12).Draw(t, "fates")}
		path, taken := filepath.Join(dir, "outbox.db"), 0
		box := openPlain(t, path, r)
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			if n := rapid.IntRange(0, 4).Draw(t, "put, or 0 to open again"); n > 0 {
				if err := box.Put(releases(taken, taken+n)...); err != nil {
					t.Fatal(err)
				}
				taken += n
				continue
			}
			if err := box.Close(); err != nil {
				t.Fatal(err)
			}
			box = openPlain(t, path, r)
		}
		if err := box.Flush(context.Background()); err != nil {
			t.Fatal(err)
		}
		kept, err := box.Refused()
		if err != nil || len(kept) != box.State().Refused {
			t.Fatal(len(kept), box.State(), err)
		}
		if err := box.Close(); err != nil {
			t.Fatal(err)
		}
		checkRoad(t, r.arrived, kept, subjects(releases(0, taken)))
	})
}

func openPlain(t *rapid.T, path string, r *road) *outbox.Outbox {
	box, err := outbox.Open(outbox.Config{Path: path, Retry: 1}, r, nop)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func checkRoad(t *rapid.T, arrived []string, kept []outbox.Refusal, taken []string) {
	first := slices.Clone(arrived) // the first arrival of each
	seen := map[string]bool{}
	first = slices.DeleteFunc(first, func(item string) bool {
		again := seen[item]
		seen[item] = true
		return again
	})
	if !slices.IsSortedFunc(first, func(a, b string) int { return slices.Index(taken, a) - slices.Index(taken, b) }) {
		t.Errorf("first arrivals out of order: %v", first)
	}
	for _, refusal := range kept {
		e, err := event.Decode(nil, refusal.Event)
		if err != nil {
			t.Fatal(err)
		}
		seen[e.Subject] = true
	}
	for _, item := range taken {
		if !seen[item] {
			t.Errorf("%s was taken, and neither arrived nor was refused", item)
		}
	}
	if len(seen) != len(taken) {
		t.Errorf("%d items arrived or were refused, of %d taken", len(seen), len(taken))
	}
}
