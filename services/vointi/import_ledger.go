package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/event"
)

// ledger remembers what was published of each entity, in a file of the data folder, so that the same input publishes nothing
// new and a changed one publishes what has changed. It holds hashes and times only. Without it, on another machine or after
// --again, the same input makes the same events, which change nothing either; but a change of an entity without a later time of
// its own is then no newer than what it replaces.
type ledger struct {
	path string
	last map[event.Key]published
}

// published is the last event of an entity.
type published struct {
	content uint64
	at      int64 // its time, ns since 1970
}

// openLedger reads the ledger of a kind of import; again forgets it.
func openLedger(data, kind string, again bool) (*ledger, error) {
	l := &ledger{path: filepath.Join(data, "imports", kind), last: map[event.Key]published{}}
	text, err := os.ReadFile(l.path)
	if errors.Is(err, fs.ErrNotExist) || again {
		return l, nil
	}
	if err != nil {
		return nil, fmt.Errorf("import ledger: %w", err)
	}
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		var key string
		var p published
		id, err := []byte(nil), error(nil)
		if _, err = fmt.Sscanf(s.Text(), "%s %x %d", &key, &p.content, &p.at); err == nil {
			id, err = hex.DecodeString(key)
		}
		if err != nil || len(id) != len(event.Key{}) {
			return nil, fmt.Errorf("import ledger %s: %q is no entry; take the file away to begin a new one", l.path, s.Text())
		}
		l.last[event.Key(id)] = p
	}
	return l, nil
}

// tally is what an import means for what was published before.
type tally struct{ fresh, changed, same int }

func (t tally) String() string {
	return fmt.Sprintf("%d new, %d changed, %d as before", t.fresh, t.changed, t.same)
}

// news returns the events that tell something new. One that changes an entity becomes an event of its own, a correction if it is
// a check-in, and no older than what it changes: now, unless its own time is later.
func (l *ledger) news(events []*event.Event, now time.Time) (news []*event.Event, t tally, err error) {
	for _, e := range events {
		before, known := l.last[keyOf(e)]
		switch content := contentOf(e); {
		case known && before.content == content:
			t.same++
			continue
		case known && e.Type == event.TargetSet:
			return nil, t, fmt.Errorf("target %s was imported before with the same set_at, and said something else; a target that is changed needs a later set_at", e.Subject)
		case known:
			t.changed++
			if e, err = changed(e, before, now); err != nil {
				return nil, t, err
			}
		default:
			t.fresh++
		}
		news = append(news, e)
	}
	return news, t, nil
}

// keyOf is what is remembered of an event: its entity; of a target the event itself, since when it was set, and not when it was
// imported, decides which of several is in force.
func keyOf(e *event.Event) event.Key {
	if e.Type == event.TargetSet {
		return e.Identity()
	}
	return e.Key()
}

// changed is the event that says of an entity what e says of it, and is newer than what was published.
func changed(e *event.Event, before published, now time.Time) (*event.Event, error) {
	at := e.Time
	if at.UnixNano() <= before.at {
		at = time.Unix(0, max(now.UnixNano(), before.at+1)).UTC()
	}
	id := event.NewID(e.ID, at.Format(time.RFC3339Nano))
	visit, ok := e.Payload.(*event.Checkin)
	if !ok {
		e.ID, e.Time = id, at
		return e, nil
	}
	correction := *visit
	correction.Original = &event.Ref{Source: e.Source, ID: e.ID}
	return event.New(event.CheckinCorrected, e.Source, id, at, e.Area, e.Subject, &correction)
}

// contentOf is a hash of what an event says, but not of when its source was asked, nor of what it corrects.
func contentOf(e *event.Event) uint64 {
	var undated event.Payload
	kind := e.Type
	switch p := e.Payload.(type) {
	case *event.Checkin: // of a correction, as if it were the first
		kind, undated = event.CheckinRecorded, without(p, func(c *event.Checkin) { c.Original = nil })
	case *event.Population:
		undated = without(p, func(c *event.Population) { c.RetrievedAt = time.Time{} })
	case *event.Area:
		undated = without(p, func(c *event.Area) { c.RetrievedAt = time.Time{} })
	case *event.Target:
		undated = without(p, func(c *event.Target) { c.RetrievedAt = time.Time{} })
	case *event.UnitCost:
		undated = without(p, func(c *event.UnitCost) { c.RetrievedAt = time.Time{} })
	case *event.Imported:
		undated = without(p, func(c *event.Imported) { c.RetrievedAt = time.Time{} })
	}
	data := e.Data
	if undated != nil {
		if u, err := event.Unchecked(kind, e.Source, e.ID, e.Time, e.Area, e.Subject, undated); err == nil {
			data = u.Data
		}
	}
	h := fnv.New64a()
	h.Write([]byte(kind + "\x00" + event.Type(e.Area) + "\x00"))
	h.Write(data)
	return h.Sum64()
}

// without returns a copy of a payload from which something was taken.
func without[P any](p *P, take func(*P)) *P {
	c := *p
	take(&c)
	return &c
}

// keep remembers events that are published.
func (l *ledger) keep(events []*event.Event) error {
	for _, e := range events {
		l.last[keyOf(e)] = published{contentOf(e), e.Time.UnixNano()}
	}
	lines := make([]string, 0, len(l.last))
	for key, p := range l.last {
		lines = append(lines, fmt.Sprintf("%x %x %d\n", key[:], p.content, p.at))
	}
	slices.Sort(lines)
	if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
		return fmt.Errorf("import ledger: %w", err)
	}
	next := l.path + ".new"
	err := os.WriteFile(next, []byte(strings.Join(lines, "")), 0o600)
	if err == nil {
		err = os.Rename(next, l.path)
	}
	if err != nil {
		return fmt.Errorf("everything is published, but the ledger of imports could not be written, so the next import may publish it again: %w", err)
	}
	return nil
}
