package survey

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vointi.fi/pkg/mapping"
	"vointi.fi/pkg/reference"
)

// bound is a mapping held against the header of a file.
type bound struct {
	*Mapping
	*mapping.Binding
	items []boundItem
	lime  bool // the file is LimeSurvey's
}

// boundItem is a column of answers.
type boundItem struct {
	column *mapping.Column
	header string
	item   *reference.Item
}

// personal are the columns of LimeSurvey and of other systems that tell who answered. They may not be mapped to anything.
var personal = []string{"token", "ipaddr", "refurl", "email", "firstname", "lastname", "sähköposti", "nimi", "etunimi", "sukunimi", "ip-osoite"}

// bind finds the columns, or tells every fault of the mapping.
func (x *Import) bind(header []string) (*bound, error) {
	b := &bound{Mapping: x.mapping}
	if b.lime = isLimeSurvey(header); b.lime {
		b.Mapping = x.limeSurvey(header)
	} else if x.unmapped {
		return nil, errors.New("the file is no export of LimeSurvey with question codes (no columns id, submitdate and lastpage); give --mapping with a file that says what its columns mean")
	}
	var err error
	if b.Binding, err = mapping.Bind(header, b.Missing); err != nil {
		return nil, err
	}
	var faults []error
	for _, f := range b.fields() {
		faults = append(faults, b.place(f.name, f.column))
	}
	for _, header := range slices.Sorted(maps.Keys(b.Items)) {
		faults = append(faults, x.bindItem(b, header))
	}
	faults = append(faults, b.lacks()...)
	return b, errors.Join(faults...)
}

// place notes where a column stands.
func (b *bound) place(name string, c *mapping.Column) error {
	if slices.Contains(personal, mapping.Folded(c.Column)) {
		return fmt.Errorf("mapping: %s: column %q tells who answered and may not be mapped", name, c.Column)
	}
	return b.Place(name, c)
}

// bindItem notes a column of answers.
func (x *Import) bindItem(b *bound, header string) error {
	c := b.Items[header]
	if c == nil {
		return fmt.Errorf("mapping: items: %q: names no item", header)
	}
	code := c.Item
	if code == "" { // the short form: header: ITEM
		code = c.Column
	}
	c = &mapping.Column{Column: header, Item: code, Values: c.Values}
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
	return b.place("items", c)
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
	for _, c := range []*mapping.Column{b.Age, b.BirthYear, b.AgeBand} {
		if c != nil {
			ages++
		}
	}
	lack(ages == 1, "age, birth_year or age_band: exactly one must be given (age_band: {value: unknown} if nothing is known)")
	lack(len(b.items) > 0 || len(b.Items) > 0, "items: no column holds an answer")
	return faults
}
