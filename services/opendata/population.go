package opendata

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/sheet"
)

// total is the code of all ages or sexes in the tables of Statistics Finland.
const total = "SSS"

// populationNames are how tables name their dimensions.
var populationNames = map[string][]string{
	"area": {"Alue", "Area", "Område", "Kunta", "area_id"}, "age": {"Ikä", "Age", "Ålder"},
	"sex": {"Sukupuoli", "Sex", "Kön"}, "year": {"Vuosi", "Year", "År"},
	"measure": {"Tiedot", "Information", "Uppgifter", "ContentsCode"},
}

// PopulationTable reads a population in JSON-stat 2.0, by area, age, sex and year, as Statistics Finland's table 11re answers. Totals
// over ages and sexes are left out where the parts are there.
func PopulationTable(text []byte, from Origin) (*Table, error) {
	d, err := readDataset(text)
	if err != nil {
		return nil, err
	}
	at, err := d.populationDimensions()
	if err != nil {
		return nil, err
	}
	if from.Table == "" {
		from.Table = d.table
	}
	p := &populations{Table: &Table{Label: d.label}, from: from, at: d.updated, seen: map[populationKey][]ages{}}
	place := make([]int, len(d.dimensions))
	code := func(name string) string {
		if at[name] < 0 {
			return total
		}
		return d.dimensions[at[name]].codes[place[at[name]]]
	}
	for cell, value := range d.values {
		d.place(cell, place)
		if i := at["measure"]; i >= 0 && !isPopulation(d.dimensions[i].codes[place[i]]) && len(d.dimensions[i].codes) > 1 {
			continue
		}
		if (code("age") == total && d.hasParts(at["age"])) || (code("sex") == total && d.hasParts(at["sex"])) {
			continue
		}
		where := fmt.Sprintf("%s %s, age %s, sex %s", code("area"), code("year"), code("age"), code("sex"))
		if math.IsNaN(value) {
			p.skip("no value")
			continue
		}
		p.cell(where, code("area"), code("year"), code("sex"), code("age"), value)
	}
	return p.Table, nil
}

// hasParts reports whether a dimension has anything beside its total.
func (d *dataset) hasParts(i int) bool {
	return i >= 0 && slices.ContainsFunc(d.dimensions[i].codes, func(c string) bool { return c != total })
}

// isPopulation reports whether a measure is the number of residents.
func isPopulation(code string) bool {
	return strings.EqualFold(code, "vaesto") || strings.EqualFold(code, "population")
}

// populationDimensions finds the dimensions, and refuses those that it does not know and that have more than one category.
func (d *dataset) populationDimensions() (map[string]int, error) {
	at, known := map[string]int{}, map[int]bool{}
	for name, role := range map[string]string{"area": "geo", "age": "", "sex": "", "year": "time", "measure": "metric"} {
		i := d.find(role, populationNames[name]...)
		at[name], known[i] = i, true
	}
	var faults []error
	for _, name := range []string{"area", "age", "year"} {
		if at[name] < 0 {
			faults = append(faults, fmt.Errorf("has no dimension of %s (%s)", name, strings.Join(populationNames[name], ", ")))
		}
	}
	for i, dim := range d.dimensions {
		if !known[i] && len(dim.codes) > 1 {
			faults = append(faults, fmt.Errorf("has a dimension %q besides area, age, sex and year; ask for one category of it", dim.id))
		}
	}
	if i := at["measure"]; i >= 0 && len(d.dimensions[i].codes) > 1 && !slices.ContainsFunc(d.dimensions[i].codes, isPopulation) {
		faults = append(faults, fmt.Errorf("has several measures, %s, of which none is vaesto; ask for one", strings.Join(d.dimensions[i].codes, ", ")))
	}
	return at, errors.Join(faults...)
}

// populationKey is what ages are counted of.
type populationKey struct{ area, year, sex string }

// ages is an interval of ages, both ends included.
type ages struct{ from, to int }

// populations makes events of cells.
type populations struct {
	*Table
	from Origin
	at   time.Time // when the office published it; zero: not told
	seen map[populationKey][]ages
}

// cell adds a cell.
func (p *populations) cell(where, area, year, sex, age string, count float64) {
	band, interval, ok := ageCode(age)
	if !ok {
		p.fault("%s: %q is no age such as 7, 007, 0-4 or 100-; a population needs ages", where, age)
		return
	}
	y, err := strconv.Atoi(year)
	if err != nil || count != math.Trunc(count) || count < 0 || count > 1e7 {
		p.fault("%s: year and count must be whole numbers", where)
		return
	}
	if sex == total || sex == "all" {
		sex = ""
	}
	key := populationKey{area, year, sex}
	for _, other := range p.seen[key] {
		if interval.from <= other.to && other.from <= interval.to {
			p.fault("%s: its ages are counted already by another row; ages must not overlap", where)
			return
		}
	}
	p.seen[key] = append(p.seen[key], interval)
	at := p.at
	if at.IsZero() {
		at = p.from.Retrieved
	}
	payload := &event.Population{Area: area, Year: y, Sex: sex, Age: band, Count: int(count), TableID: p.from.Table, RetrievedAt: p.from.Retrieved, Licence: p.from.Licence}
	id := event.NewID(string(event.PopulationSnapshot), area, year, sex, band, moment(at, p.from.Retrieved))
	e, err := event.New(event.PopulationSnapshot, p.from.Source, id, at, event.MunicipalityOf(area), area, payload)
	p.add(where, e, err)
}

// ageCode reads 7, 007, 0-4, 100- and 75+.
func ageCode(code string) (band string, of ages, ok bool) {
	text := strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	low, high, cut := strings.Cut(strings.Replace(text, "–", "-", 1), "-")
	if open, is := strings.CutSuffix(low, "+"); is && !cut {
		low, high, cut = open, "", true
	}
	from, err := strconv.Atoi(low)
	if err != nil || from < 0 || from > 100 {
		return "", of, false
	}
	switch {
	case !cut:
		return strconv.Itoa(from), ages{from, from}, true
	case high == "":
		return strconv.Itoa(from) + "+", ages{from, math.MaxInt}, true
	}
	to, err := strconv.Atoi(high)
	return fmt.Sprintf("%d-%d", from, to), ages{from, to}, err == nil && from <= to && to <= 100
}

// populationColumns are those of a table in CSV or Excel.
var populationColumns = []string{"area_id", "year", "sex", "age", "count"}

// PopulationRows reads a population from a table with the columns area_id, year, sex (1, 2 or all), age and count.
func PopulationRows(name string, content []byte, from Origin) (t *Table, err error) {
	table, err := sheet.Open(name, content, sheet.Format{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	at, err := columnsOf(table, populationColumns)
	if err != nil {
		return nil, err
	}
	p := &populations{Table: &Table{Label: table.Name()}, from: from, seen: map[populationKey][]ages{}}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return p.Table, nil
		}
		if err != nil {
			return nil, err
		}
		where := fmt.Sprintf("%s:%d", table.Name(), table.Row())
		cell := func(name string) string {
			if i := at[name]; i < len(row) {
				return row[i]
			}
			return ""
		}
		count, err := strconv.ParseFloat(cell("count"), 64)
		if err != nil {
			p.fault("%s: column count must be a number", where)
			continue
		}
		p.cell(where, cell("area_id"), cell("year"), cell("sex"), cell("age"), count)
	}
}

// columnsOf reads the first row and finds the columns in it.
func columnsOf(table *sheet.Table, names []string) (map[string]int, error) {
	header, err := table.Next()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("it is empty")
	}
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for _, name := range names {
		if at[name] = slices.Index(header, name); at[name] < 0 {
			return nil, fmt.Errorf("its first row must name the columns %s; %s is missing", strings.Join(names, ", "), name)
		}
	}
	return at, nil
}
