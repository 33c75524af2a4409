package survey

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
)

// bound is a mapping held against the header of a file.
type bound struct {
	*Mapping
	at      map[*Column]int // by column, its place
	items   []boundItem
	lime    bool            // the file is LimeSurvey's
	twice   map[string]bool // headers that stand twice
	missing map[string]bool // cells that mean no answer
}

// boundItem is a column of answers.
type boundItem struct {
	column *Column
	header string
	item   *reference.Item
}

// personal are the columns of LimeSurvey and of other systems that tell who answered. They may not be mapped to anything.
var personal = []string{"token", "ipaddr", "refurl", "email", "firstname", "lastname", "sähköposti", "nimi", "etunimi", "sukunimi", "ip-osoite"}

// bind finds the columns, or tells every fault of the mapping.
func (x *Import) bind(header []string) (*bound, error) {
	b := &bound{Mapping: x.mapping, at: map[*Column]int{}, twice: map[string]bool{}, missing: map[string]bool{"": true}}
	places := map[string]int{}
	var faults []error
	for i, name := range header {
		if event.HoldsPersonalCode([]byte(name)) {
			return nil, fmt.Errorf("the header of column %d holds a Finnish personal identity code", i+1)
		}
		if _, twice := places[name]; twice && name != "" {
			b.twice[name] = true
		}
		places[name] = i
	}
	if b.lime = isLimeSurvey(places); b.lime {
		b.Mapping = x.limeSurvey(header)
	}
	for _, f := range b.fields() {
		faults = append(faults, b.place(f.name, f.column, places, header))
		faults = append(faults, checkTimes(f)...)
	}
	for _, header := range slices.Sorted(maps.Keys(b.Items)) {
		faults = append(faults, x.bindItem(b, header, places))
	}
	faults = append(faults, b.lacks()...)
	for _, word := range b.Missing {
		b.missing[folded(word)] = true
	}
	return b, errors.Join(faults...)
}

// place notes where a column stands.
func (b *bound) place(name string, c *Column, places map[string]int, header []string) error {
	if c.Column == "" {
		if c.Value == "" {
			return fmt.Errorf("mapping: %s: needs column or value", name)
		}
		return nil
	}
	at, ok := places[c.Column]
	switch {
	case slices.Contains(personal, folded(c.Column)):
		return fmt.Errorf("mapping: %s: column %q tells who answered and may not be mapped", name, c.Column)
	case !ok:
		return fmt.Errorf("mapping: %s: the file has no column %q%s", name, c.Column, reference.Meant(c.Column, header))
	case b.twice[c.Column]:
		return fmt.Errorf("mapping: %s: the file has several columns %q", name, c.Column)
	}
	b.at[c] = at
	return nil
}

// bindItem notes a column of answers.
func (x *Import) bindItem(b *bound, header string, places map[string]int) error {
	c := b.Items[header]
	if c == nil {
		return fmt.Errorf("mapping: items: %q: names no item", header)
	}
	code := c.Item
	if code == "" { // the short form: header: ITEM
		code = c.Column
	}
	c = &Column{Column: header, Item: code, Values: c.Values}
	if strings.HasSuffix(header, "[other]") || strings.HasSuffix(header, "[comment]") {
		return fmt.Errorf("mapping: items: column %q holds free text, which never enters; leave it out", header)
	}
	item := x.item(b, code)
	if item == nil {
		return fmt.Errorf("mapping: items: %q: there is no item %s%s; items of your own stand under own_items", header, code, reference.Meant(code, x.instruments.Codes()))
	}
	if slices.ContainsFunc(b.items, func(o boundItem) bool { return o.item.Code == code }) {
		return fmt.Errorf("mapping: items: %q: another column is mapped to %s already", header, code)
	}
	b.items = append(b.items, boundItem{c, header, item})
	return b.place("items", c, places, slices.Collect(maps.Keys(places)))
}

// item returns an item of an instrument, or of the mapping's own, or nil.
func (x *Import) item(b *bound, code string) *reference.Item {
	if item := x.instruments.Item(code); item != nil {
		return item
	}
	if own, ok := b.OwnItems[code]; ok && own.From <= own.To {
		return &reference.Item{Code: code, From: own.From, To: own.To}
	}
	return nil
}

// lacks tells what a mapping must say and this one does not.
func (b *bound) lacks() (faults []error) {
	lack := func(ok bool, text string) {
		if !ok {
			faults = append(faults, errors.New("mapping: "+text))
		}
	}
	lack(b.ID != nil && b.ID.Column != "", "id: which column names an answered questionnaire? It keeps a response the same when the file is imported again")
	lack(b.Area != nil, "area: which column tells the area of residence (or value: KU305 for all)?")
	lack(b.Submitted != nil, "submitted: which column tells when it was sent?")
	ages := 0
	for _, c := range []*Column{b.Age, b.BirthYear, b.AgeBand} {
		if c != nil {
			ages++
		}
	}
	lack(ages == 1, "age, birth_year or age_band: exactly one must be given (age_band: {value: unknown} if nothing is known)")
	lack(len(b.items) > 0 || len(b.Items) > 0, "items: no column holds an answer")
	return faults
}

// checkTimes looks at what a column of times says of them.
func checkTimes(f field) (faults []error) {
	if _, err := time.LoadLocation(f.column.Zone); err != nil {
		faults = append(faults, fmt.Errorf("mapping: %s: there is no time zone %q", f.name, f.column.Zone))
	}
	if event.HoldsPersonalCode([]byte(f.column.Value)) {
		faults = append(faults, fmt.Errorf("mapping: %s: holds a Finnish personal identity code", f.name))
	}
	return faults
}
