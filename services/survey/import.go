package survey

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/sheet"
)

// Import makes events of an export of answered questionnaires.
type Import struct {
	mapping     *Mapping
	wave        *event.Wave // nil: it was opened elsewhere, and the mapping names it
	instruments *reference.Instruments
	ages        *reference.AgeSchemes
	source      string
}

// NewImport returns an import of responses by a mapping, which may be nil for LimeSurvey. wave may be nil if the mapping names
// it. source is that of the events.
func NewImport(m *Mapping, wave *event.Wave, instruments *reference.Instruments, ages *reference.AgeSchemes, source string) (*Import, error) {
	if m == nil {
		m = &Mapping{}
	}
	x := &Import{mapping: m, wave: wave, instruments: instruments, ages: ages, source: source}
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

// Fault is something wrong with a cell, or with a row if Column is empty. It never repeats what the cell holds.
type Fault struct {
	Row    int
	Column string // its header
	Reason string
}

// Responses are what an export held.
type Responses struct {
	Events     []*event.Event // of the rows without faults
	Rows       int
	Incomplete int
	UnknownAge int // answers of people whose age is not known well enough for any age group
	Faults     []Fault
	Faulty     int // rows
	Unread     []string
}

// Read makes an event of every row. The error is about the file or the mapping as a whole; the faults are about rows.
func (x *Import) Read(name string, content []byte) (*Responses, error) {
	format, err := x.mapping.format()
	if err != nil {
		return nil, err
	}
	table, err := sheet.Open(name, content, format)
	if err != nil {
		return nil, err
	}
	out, err := x.read(table)
	return out, errors.Join(err, table.Close())
}

func (x *Import) read(table *sheet.Table) (*Responses, error) {
	header, err := table.Next()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: it is empty", table.Name())
	}
	if err != nil {
		return nil, err
	}
	b, err := x.bind(header)
	if err != nil {
		return nil, err
	}
	out, seen := &Responses{Unread: b.unread(header)}, map[string]int{}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		r := &reading{Import: x, bound: b, table: table, header: header, row: row}
		e := r.event(seen)
		out.Rows++
		if len(r.faults) > 0 {
			out.Faulty++
			out.Faults = append(out.Faults, r.faults...)
			continue
		}
		out.count(e.Payload.(*event.Response))
		out.Events = append(out.Events, e)
	}
}

func (out *Responses) count(p *event.Response) {
	if !p.Complete {
		out.Incomplete++
	}
	if p.AgeBand == unknownAge {
		out.UnknownAge++
	}
}

// unread lists the columns that nothing is read of.
func (b *bound) unread(header []string) (names []string) {
	read := map[int]bool{}
	for _, at := range b.at {
		read[at] = true
	}
	for i, name := range header {
		if !read[i] {
			names = append(names, name)
		}
	}
	return names
}

// reading is one row on its way to an event.
type reading struct {
	*Import
	*bound
	table  *sheet.Table
	header []string
	row    []string
	faults []Fault
	age    int // −1: unknown
}

func (r *reading) fault(column, format string, args ...any) {
	r.faults = append(r.faults, Fault{r.table.Row(), column, fmt.Sprintf(format, args...)})
}

const unknownAge = "unknown"

// event makes the event of the row; what is wrong is in the faults. seen are the rows of the ids so far.
func (r *reading) event(seen map[string]int) *event.Event {
	r.noPersonalCodes()
	if len(r.row) > len(r.header) && strings.Join(r.row[len(r.header):], "") != "" {
		r.fault("", "has %d cells, the first row has %d", len(r.row), len(r.header))
	}
	id := r.text(r.ID)
	if id == "" {
		r.fault(r.ID.Column, "is empty, and must name the response")
	} else if before := seen[id]; before > 0 {
		r.fault(r.ID.Column, "names the response of row %d again", before)
	} else {
		seen[id] = r.table.Row()
	}
	p := r.response(id)
	if len(r.faults) > 0 {
		return nil
	}
	name := event.NewID(string(event.ResponseSubmitted), p.WaveID, p.ResponseID, p.SubmittedAt.Format(time.RFC3339Nano))
	e, err := event.New(event.ResponseSubmitted, r.source, name, p.SubmittedAt, event.MunicipalityOf(p.Area), p.ResponseID, p)
	r.explain(err)
	return e
}

// response reads the row.
func (r *reading) response(id string) *event.Response {
	p := &event.Response{
		ResponseID: event.NewID("survey response", r.wave.WaveID, id),
		WaveID:     r.wave.WaveID, InstrumentID: r.wave.InstrumentID, Version: r.wave.Version,
		Language: r.text(r.Language), StratumID: r.text(r.Stratum), PSU: r.text(r.PSU), Area: r.text(r.Area),
		Sex: r.text(r.Sex), Education: r.text(r.Education), SessionID: r.text(r.Session), PanelPseudonym: r.text(r.Panel),
	}
	p.SubmittedAt, p.Complete = r.submitted()
	p.AgeBand = r.ageBand(p.SubmittedAt)
	p.Weight = r.weight()
	for _, g := range r.TargetGroups {
		if group := r.text(g); group != "" {
			p.TargetGroups = append(p.TargetGroups, group)
		}
	}
	p.Items = r.answers()
	r.stratum(p)
	return p
}

// noPersonalCodes looks at every cell, mapped or not.
func (r *reading) noPersonalCodes() {
	for i, cell := range r.row {
		if event.HoldsPersonalCode([]byte(cell)) {
			r.fault(r.name(i), "holds a Finnish personal identity code; take it out of the file, also where it is not imported")
		}
	}
}

// name is the header of a place.
func (r *reading) name(at int) string {
	if at < len(r.header) && r.header[at] != "" {
		return r.header[at]
	}
	return "number " + strconv.Itoa(at+1)
}

// explain makes faults of what the event's own check found, each at the column that it is about.
func (r *reading) explain(err error) {
	var invalid *event.InvalidError
	if err == nil {
		return
	}
	if !errors.As(err, &invalid) {
		r.fault("", "%v", err)
		return
	}
	for _, f := range invalid.Faults {
		r.fault(r.columnOf(f.Pointer), "%s", f.Reason)
	}
}
