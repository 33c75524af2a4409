package participation

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/mapping"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/secret"
	"vointi.fi/pkg/service"
)

// Mapping says what the columns of an export of visits mean. What it does not name is never read.
type Mapping struct {
	File mapping.File
	// ID names a row for good, so that a row that changes corrects its visit; without it session, card and time do.
	ID *mapping.Column
	// Checkin has the attributes of a check-in as the service takes them over HTTP, card_id among them.
	Checkin map[string]*mapping.Column
	Missing []string // cells that mean nothing, beside empty ones
}

// kind is how the cells of an attribute are read.
type kind int

const (
	asText kind = iota
	asInstant
	asDay
	asNumber
	asFlag
	asEuros
)

// importable are the attributes that a column may be.
var importable = map[string]kind{
	"session_id": asText, "card_id": asText, "card_issuer": asText, "household_id": asText, "checked_in_at": asInstant, "channel": asText,
	"venue_id": asText, "venue_area_id": asText, "home_area_id": asText, "birth_date": asDay, "birth_year": asNumber, "age_band": asText,
	"age_scheme": asText, "sex": asText, "activity_type": asText, "provider_id": asText, "party_size": asNumber, "referral_from": asText,
	"transport_used": asFlag, "fee_eur": asEuros,
}

// Import makes events of exports of visits. It uses the keys of the service, and makes none.
type Import struct {
	mapping *Mapping
	service *Participation
}

// NewImport returns an import by a mapping, in YAML. The keys must be there: with new ones every card would be a new person.
func NewImport(text []byte, cfg Config) (*Import, error) {
	service.SetDefaults(&cfg)
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	x := &Import{mapping: &Mapping{}, service: &Participation{cfg: cfg}}
	if err := mapping.Read(text, x.mapping); err != nil {
		return nil, err
	}
	if _, err := os.Stat(cfg.Keys); err != nil {
		return nil, fmt.Errorf("keys: %w; name the file of the service that takes check-ins, or make one with vointi keys add", err)
	}
	file, err := secret.Watch[keyring](cfg.Keys)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	x.service.keys = &Keys{file}
	return x, nil
}

// Visits are what an export held.
type Visits struct {
	Links  []*event.Event // card.rekeyed.v1, to be published before
	Events []*event.Event // of the rows without faults
	Rows   int
	Faults []mapping.Fault
	Faulty int // rows
	Unread []string
}

// Read makes an event of every row. The error is about the file or the mapping as a whole; the faults are about rows. The
// same row makes the same event, also after the key of its card was rotated, until the key's oldest version is retired.
func (x *Import) Read(name string, content []byte) (*Visits, error) {
	out, rows, links := &Visits{}, map[string]int{}, map[string]bool{}
	err := mapping.Each(name, content, x.mapping.File, func(header []string) (*mapping.Binding, error) {
		b, err := x.bind(header)
		if err != nil {
			return nil, err
		}
		out.Unread = b.Unread()
		return b, nil
	}, func(row *mapping.Row) {
		visit, first := x.visit(row, rows)
		out.Rows++
		if len(row.Faults) > 0 {
			out.Faulty++
			out.Faults = append(out.Faults, row.Faults...)
			return
		}
		out.Events = append(out.Events, visit)
		for _, link := range first {
			if !links[link.ID] {
				links[link.ID] = true
				out.Links = append(out.Links, link)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// bind finds the columns, or tells every fault of the mapping.
func (x *Import) bind(header []string) (*mapping.Binding, error) {
	b, err := mapping.Bind(header, x.mapping.Missing)
	if err != nil {
		return nil, err
	}
	var faults []error
	if x.mapping.ID != nil {
		faults = append(faults, b.Place("id", x.mapping.ID))
	}
	known := Importable()
	for _, name := range slices.Sorted(maps.Keys(x.mapping.Checkin)) {
		c := x.mapping.Checkin[name]
		if _, ok := importable[name]; !ok {
			faults = append(faults, fmt.Errorf("mapping: checkin: there is no %s%s; there are %s", name, reference.Meant(name, known), strings.Join(known, ", ")))
		} else if c == nil {
			faults = append(faults, fmt.Errorf("mapping: %s: needs column or value", name))
		} else {
			faults = append(faults, b.Place(name, c))
		}
	}
	if c := x.mapping.Checkin["card_id"]; c == nil || c.Column == "" {
		faults = append(faults, errors.New("mapping: card_id: which column has the ids of the cards?"))
	}
	return b, errors.Join(faults...)
}

// visit makes the event of a row, as the service makes it of a request; what is wrong is in the row's faults. rows are those
// of the ids so far.
func (x *Import) visit(row *mapping.Row, rows map[string]int) (*event.Event, []*event.Event) {
	data, err := json.Marshal(x.attributes(row))
	if err != nil {
		row.Fault("", "%v", err)
		return nil, nil
	}
	body, err := edge.BodyOf(data)
	if err != nil {
		row.Explain(err, x.columnOf)
		return nil, nil
	}
	e, err := x.service.checkin(nil, body)
	row.Explain(err, x.columnOf)
	if len(row.Faults) > 0 {
		return nil, nil
	}
	e.ID = x.id(row, e)
	if before := rows[e.ID]; before > 0 {
		row.Fault("", "is the visit of row %d again", before)
	}
	rows[e.ID] = row.Number
	return e, body.First()
}

// id names the row's visit. It is made under the oldest version of the issuer's key that is left, so that it tells nothing of the
// card, even if the row is named by it, and stays the same when the key is rotated.
func (x *Import) id(row *mapping.Row, e *event.Event) string {
	issuer := cmp.Or(row.Text(x.mapping.Checkin["card_issuer"]), x.service.cfg.Issuers[0])
	var oldest Key
	for _, key := range slices.Backward(x.service.keys.Versions(Owner{issuer, Cards})) {
		if len(key.Secret) > 0 {
			oldest = key
		}
	}
	name := "row:" + row.Text(x.mapping.ID)
	if x.mapping.ID == nil {
		p := e.Payload.(*event.Checkin)
		name = "visit:" + p.SessionID + "\x00" + normalise(row.Text(x.mapping.Checkin["card_id"])) + "\x00" + edge.Instant(p.CheckedInAt)
	} else if name == "row:" {
		row.Fault(x.mapping.ID.Column, "is empty, and must name the row")
	}
	return event.NewID(string(event.CheckinRecorded), "import", Pseudonym(oldest.Secret, name))
}

// attributes reads a row as the body of a request.
func (x *Import) attributes(row *mapping.Row) map[string]any {
	body := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(x.mapping.Checkin)) { // in order, since faults are
		c := x.mapping.Checkin[name]
		if text, given := row.Cell(c); given {
			body[name] = attribute(row, c, text, importable[name])
		}
	}
	return body
}

func attribute(row *mapping.Row, c *mapping.Column, text string, k kind) any {
	switch k {
	case asInstant:
		at, _ := row.Instant(c)
		return at.Format(time.RFC3339Nano)
	case asDay:
		day, _ := row.Instant(c)
		return day.Format(time.DateOnly)
	case asNumber:
		n, ok := mapping.Whole(text)
		if !ok {
			row.Fault(c.Column, "must be a whole number")
		}
		return n
	case asFlag:
		if !slices.Contains([]string{"true", "false", "1", "0"}, text) {
			row.Fault(c.Column, "must be true or false")
		}
		return text == "true" || text == "1"
	case asEuros:
		return strings.Replace(text, ",", ".", 1)
	default:
		return text
	}
}

// columnOf is the column that an attribute comes from; its name if no column is it.
func (x *Import) columnOf(pointer string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	if c := x.mapping.Checkin[name]; c != nil && c.Column != "" {
		return c.Column
	}
	return name
}

// Importable lists the attributes that a column may be.
func Importable() []string { return slices.Sorted(maps.Keys(importable)) }
