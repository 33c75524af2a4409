package aggregator

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
)

// TestBacklogSteps: a step takes as many rows as may be, a day at least, and the last one goes up to the end; what has been taken away does not
// count again.
func TestBacklogSteps(t *testing.T) {
	b := &backlog{last: 100, days: []pastDay{{10, 3}, {11, 4}, {20, 3}, {21, 50}, {22, 1}}, persons: turns[uuid.UUID]{}}
	for i, want := range []indicator.Date{21, 22, 100, 0} {
		to := b.next(10)
		if to != want {
			t.Fatalf("step %d goes to %d, want %d", i, to, want)
		}
		g := &generation{}
		if g.head.Limit = to; to != 0 {
			b.follow(g)
		}
	}
}

// TestBacklogFollows: somebody is due on the first day that is left, whatever comes meanwhile, and the limit goes on for whoever is due.
func TestBacklogFollows(t *testing.T) {
	a, c := uuid.UUID{1}, uuid.UUID{2}
	b := &backlog{last: 100, persons: turns[uuid.UUID]{10: {a}, 30: {c}}}
	g := &generation{visits: []visitRow{{visit: visit{person: c, day: 12}}, {visit: visit{person: a, day: 5}, deleted: true}}}
	g.head.Limit = 9
	b.follow(g)
	if due := b.persons.before(13); len(due) != 2 {
		t.Errorf("due before day 13: %v", due)
	}
	if to := b.next(10); to != 100 {
		t.Errorf("goes to %d where somebody is due, and nobody has rows of a day", to)
	}
	taken := &taking{nextVisits: turns[uuid.UUID]{40: {a}}}
	g = &generation{}
	g.head.Limit = 35
	b.follow(g)
	b.goOn(taken)
	if got := fmt.Sprint(b.persons.before(41)); got != fmt.Sprint(map[uuid.UUID]bool{a: true}) {
		t.Errorf("due after the limit went on: %s", got)
	}
}
