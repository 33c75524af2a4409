package reference

import (
	"io/fs"
	"slices"
)

// Instrument is items that are asked together, in one version of their wording.
type Instrument struct {
	ID        string
	Version   string
	Languages []string
	Name      Text
	Source    string
	// ScoredBy are the indicators that say what the answers make and how many may be missing.
	ScoredBy []string
	Items    []Item
}

// Item is one question, whose answer is a whole number From … To.
type Item struct {
	Code     string
	Name     Text
	From, To int
}

// Allows reports whether the answer is one of the item's.
func (i *Item) Allows(answer int) bool { return answer >= i.From && answer <= i.To }

// Instruments are all instruments, and their items by code.
type Instruments struct {
	All    []Instrument
	byCode map[string]*Item
}

// Item returns the item of that code, or nil.
func (is *Instruments) Item(code string) *Item { return is.byCode[code] }

// Codes returns the codes of all items, in the order of the file.
func (is *Instruments) Codes() []string {
	var codes []string
	for _, instrument := range is.All {
		for _, item := range instrument.Items {
			codes = append(codes, item.Code)
		}
	}
	return codes
}

type instrumentFile struct {
	Instruments []struct {
		ID, Version, Source string
		Languages           []string
		Name, Low, High     Text
		ScoredBy            []string `yaml:"scored_by"`
		From, To            int
		Items               []struct {
			Code     string
			Name     Text
			From, To *int
		}
	}
}

// LoadInstruments reads reference/instruments.yaml. Its error lists every fault: an id or a code that stands twice, an item
// without answers, a missing name.
func LoadInstruments(fsys fs.FS) (*Instruments, error) {
	const file = "reference/instruments.yaml"
	var f instrumentFile
	if err := read(fsys, file, &f); err != nil {
		return nil, err
	}
	c := &checker{}
	is := &Instruments{byCode: map[string]*Item{}}
	for _, in := range f.Instruments {
		where := "instrument " + in.ID
		c.check(in.ID != "" && in.Version != "", where, "the id or the version is empty")
		c.check(!slices.ContainsFunc(is.All, func(o Instrument) bool { return o.ID == in.ID && o.Version == in.Version }), where, "stands twice")
		c.check(len(in.Languages) > 0 && in.Source != "" && len(in.ScoredBy) > 0 && len(in.Items) > 0, where, "needs languages, source, scored_by and items")
		c.name(where, in.Name)
		c.name(where+", low", in.Low)
		c.name(where+", high", in.High)
		made := Instrument{ID: in.ID, Version: in.Version, Languages: in.Languages, Name: in.Name, Source: in.Source, ScoredBy: in.ScoredBy}
		for _, i := range in.Items {
			item := Item{Code: i.Code, Name: i.Name, From: in.From, To: in.To}
			if i.From != nil {
				item.From = *i.From
			}
			if i.To != nil {
				item.To = *i.To
			}
			at := where + ", item " + i.Code
			c.name(at, item.Name)
			c.check(item.From < item.To, at, "there are no answers from %d to %d", item.From, item.To)
			c.check(i.Code != "" && is.byCode[i.Code] == nil, at, "the code is empty or stands twice")
			made.Items = append(made.Items, item)
			is.byCode[i.Code] = &item
		}
		is.All = append(is.All, made)
	}
	return is, c.err(file)
}
