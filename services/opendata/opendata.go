// Package opendata makes events of what statistical offices publish: populations from Statistics Finland, figures from Sotkanet.
package opendata

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"vointi.fi/pkg/event"
)

// Origin is where a document came from.
type Origin struct {
	Source    string // of the events
	Table     string // id of the table, if the document does not tell
	Retrieved time.Time
	Licence   string
}

// Table is what a document held.
type Table struct {
	Events  []*event.Event
	Faults  []error // each with its place
	Faulty  int     // rows or cells that have any
	Skipped map[string]int
	Label   string // what the document calls itself
}

func (t *Table) skip(why string) {
	if t.Skipped == nil {
		t.Skipped = map[string]int{}
	}
	t.Skipped[why]++
}

// maxFaults is how many faults are told one by one.
const maxFaults = 1000

// fault notes what is wrong with a row or a cell; a personal identity code that stands there is not repeated.
func (t *Table) fault(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	if event.HoldsPersonalCode([]byte(err.Error())) {
		err = errors.New("a cell holds a Finnish personal identity code; is this the right file?")
	}
	if t.Faulty++; len(t.Faults) < maxFaults {
		t.Faults = append(t.Faults, err)
	}
}

// add adds an event, or the faults that its own check finds.
func (t *Table) add(where string, e *event.Event, err error) {
	var invalid *event.InvalidError
	switch {
	case errors.As(err, &invalid):
		var texts []string
		for _, f := range invalid.Faults {
			texts = append(texts, strings.TrimPrefix(f.Pointer, "/data/")+" "+f.Reason)
		}
		t.fault("%s: %s", where, strings.Join(texts, "; "))
	case err != nil:
		t.fault("%s: %w", where, err)
	default:
		t.Events = append(t.Events, e)
	}
}

// moment names an event by its time and by when its source was asked, so that no two of an entity are one.
func moment(at, retrieved time.Time) string {
	return at.UTC().Format(time.RFC3339Nano) + " " + retrieved.UTC().Format(time.RFC3339Nano)
}
