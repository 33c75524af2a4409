package survey

import (
	"errors"
	"fmt"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/mapping"
	"vointi.fi/pkg/reference"
)

// Import makes events of an export of answered questionnaires.
type Import struct {
	mapping     *Mapping
	unmapped    bool        // it is empty, because there is none
	wave        *event.Wave // nil: it was opened elsewhere, and the mapping names it
	instruments *reference.Instruments
	ages        *reference.AgeSchemes
	source      string
}

// NewImport returns an import of responses by a mapping, which may be nil for LimeSurvey. wave may be nil if the mapping names
// it. source is that of the events.
func NewImport(m *Mapping, wave *event.Wave, instruments *reference.Instruments, ages *reference.AgeSchemes, source string) (*Import, error) {
	unmapped := m == nil
	if unmapped {
		m = &Mapping{}
	}
	x := &Import{mapping: m, unmapped: unmapped, wave: wave, instruments: instruments, ages: ages, source: source}
	if wave == nil {
		if m.WaveID == "" || m.InstrumentID == "" || m.Version == "" {
			return nil, errors.New("which wave is it? Give --wave with a file that describes it, or wave_id, instrument_id and version in the mapping if it is open already")
		}
		x.wave = &event.Wave{WaveID: m.WaveID, InstrumentID: m.InstrumentID, Version: m.Version}
	} else if m.WaveID != "" && m.WaveID != wave.WaveID {
		return nil, fmt.Errorf("the mapping is for wave %s, not for %s", m.WaveID, wave.WaveID)
	}
	return x, nil
}

// Responses are what an export held.
type Responses struct {
	Events     []*event.Event // of the rows without faults
	Rows       int
	Incomplete int
	UnknownAge int // answers of people whose age is not known well enough for any age group
	Faults     []mapping.Fault
	Faulty     int // rows
	Unread     []string
}

// Read makes an event of every row. The error is about the file or the mapping as a whole; the faults are about rows.
func (x *Import) Read(name string, content []byte) (*Responses, error) {
	out, seen := &Responses{}, map[string]int{}
	var b *bound
	err := mapping.Each(name, content, x.mapping.File, func(header []string) (*mapping.Binding, error) {
		var err error
		if b, err = x.bind(header); err != nil {
			return nil, err
		}
		out.Unread = b.Unread()
		return b.Binding, nil
	}, func(row *mapping.Row) {
		r := &reading{Import: x, bound: b, Row: row}
		e := r.event(seen)
		out.Rows++
		if len(r.Faults) > 0 {
			out.Faulty++
			out.Faults = append(out.Faults, r.Faults...)
			return
		}
		out.count(e.Payload.(*event.Response))
		out.Events = append(out.Events, e)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (out *Responses) count(p *event.Response) {
	if !p.Complete {
		out.Incomplete++
	}
	if p.AgeBand == unknownAge {
		out.UnknownAge++
	}
}

// reading is one row on its way to an event.
type reading struct {
	*Import
	*bound
	*mapping.Row
	age int // −1: unknown
}

const unknownAge = "unknown"

// event makes the event of the row; what is wrong is in the faults. seen are the rows of the ids so far.
func (r *reading) event(seen map[string]int) *event.Event {
	id := r.Text(r.ID)
	if id == "" {
		r.Fault(r.ID.Column, "is empty, and must name the response")
	} else if before := seen[id]; before > 0 {
		r.Fault(r.ID.Column, "names the response of row %d again", before)
	} else {
		seen[id] = r.Number
	}
	p := r.response(id)
	if len(r.Faults) > 0 {
		return nil
	}
	name := event.NewID(string(event.ResponseSubmitted), p.WaveID, p.ResponseID, p.SubmittedAt.Format(time.RFC3339Nano))
	e, err := event.New(event.ResponseSubmitted, r.source, name, p.SubmittedAt, event.MunicipalityOf(p.Area), p.ResponseID, p)
	r.Explain(err, r.columnOf)
	return e
}

// response reads the row.
func (r *reading) response(id string) *event.Response {
	p := &event.Response{
		ResponseID: event.NewID("survey response", r.wave.WaveID, id),
		WaveID:     r.wave.WaveID, InstrumentID: r.wave.InstrumentID, Version: r.wave.Version,
		Language: r.Text(r.Language), StratumID: r.Text(r.Stratum), PSU: r.Text(r.PSU), Area: r.Text(r.Area),
		Sex: r.Text(r.Sex), Education: r.Text(r.Education), PartnerKind: r.Text(r.PartnerKind), SessionID: r.Text(r.Session), PanelPseudonym: r.Text(r.Panel),
	}
	p.SubmittedAt, p.Complete = r.submitted()
	p.AgeBand = r.ageBand(p.SubmittedAt)
	p.Weight = r.weight()
	for _, g := range r.TargetGroups {
		if group := r.Text(g); group != "" {
			p.TargetGroups = append(p.TargetGroups, group)
		}
	}
	p.Items = r.answers()
	r.stratum(p)
	return p
}
