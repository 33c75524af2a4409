package opendata

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/sheet"
)

// Regions are Sotkanet's regions by their id, which is not the code that others know them by.
type Regions map[int]region

type region struct {
	ID       int
	Code     string
	Category string
}

// country is the id of the whole country.
const country = 658

// ReadRegions reads the answer of /rest/1.1/regions.
func ReadRegions(text []byte) (Regions, error) {
	var list []region
	if err := json.Unmarshal(text, &list); err != nil || len(list) == 0 {
		return nil, errors.New("is no list of Sotkanet's regions, as /rest/1.1/regions answers")
	}
	regions := Regions{}
	for _, r := range list {
		if _, twice := regions[r.ID]; twice || r.ID == 0 || r.Category == "" {
			return nil, fmt.Errorf("names region %d twice, or without id or category", r.ID)
		}
		regions[r.ID] = r
	}
	return regions, nil
}

// kinds are the categories that areas are made of: prefix and length of the code.
var kinds = map[string]struct {
	prefix string
	digits int
}{"KUNTA": {"KU", 3}, "MAAKUNTA": {"MK", 2}, "HYVINVOINTIALUE": {"HVA", 2}}

// area is the area of a region, "" if it is of a category that we have none of.
func (r region) area() string {
	if r.Category == "MAA" && r.ID == country {
		return "SSS"
	}
	kind, ok := kinds[r.Category]
	if !ok || len(r.Code) > kind.digits {
		return ""
	}
	return kind.prefix + strings.Repeat("0", kind.digits-len(r.Code)) + r.Code
}

// sotkanetValue is one figure.
type sotkanetValue struct {
	Indicator, Region, Year int
	Gender                  string
	Value                   *float64
	AbsValue                *float64
}

// genders are Sotkanet's words for sexes.
var genders = map[string]string{"total": "", "male": "1", "female": "2"}

// Sotkanet makes events of figures in JSON, as /rest/1.1/json answers, or in CSV, as /rest/1.1/csv does and a Finnish Excel saves
// it. name is that of the document. Of regions that are no
// municipality, region, wellbeing services county or the country, and of areas that are not wanted, nothing is made; wanted may be
// empty for all.
func Sotkanet(name string, text []byte, regions Regions, wanted []string, from Origin) (*Table, error) {
	values, err := sotkanetValues(name, text)
	if err != nil {
		return nil, err
	}
	t := &Table{Label: "Sotkanet"}
	seen := map[sotkanetValue]bool{}
	for i, v := range values {
		where := fmt.Sprintf("figure %d (indicator %d, region %d, %d)", i+1, v.Indicator, v.Region, v.Year)
		r, known := regions[v.Region]
		sex, isGender := genders[v.Gender]
		area := r.area()
		key := sotkanetValue{Indicator: v.Indicator, Region: v.Region, Year: v.Year, Gender: v.Gender}
		switch {
		case !known:
			t.fault("%s: the list of regions does not have the region", where)
		case !isGender:
			t.fault("%s: gender must be total, male or female", where)
		case seen[key]:
			t.fault("%s: stands twice", where)
		case area == "":
			t.skip("of other regions")
		case len(wanted) > 0 && !slices.Contains(wanted, area):
			t.skip("of areas that are not wanted")
		case v.Value == nil:
			t.skip("no value")
		default:
			t.figure(where, v, area, sex, from)
		}
		seen[key] = true
	}
	return t, nil
}

// figure adds the event of a figure.
func (t *Table) figure(where string, v sotkanetValue, area, sex string, from Origin) {
	id := strconv.Itoa(v.Indicator)
	payload := &event.Imported{
		Source: "sotkanet", ExternalID: id, Area: area, Year: v.Year, Sex: sex, Value: *v.Value, AbsValue: v.AbsValue,
		RetrievedAt: from.Retrieved, Licence: from.Licence,
	}
	name := event.NewID(string(event.IndicatorImported), "sotkanet", id, area, strconv.Itoa(v.Year), sex, moment(from.Retrieved, from.Retrieved))
	e, err := event.New(event.IndicatorImported, from.Source, name, from.Retrieved, event.MunicipalityOf(area), id, payload)
	t.add(where, e, err)
}

func sotkanetValues(name string, text []byte) ([]sotkanetValue, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if strings.HasPrefix(strings.TrimSpace(string(text[:min(len(text), 100)])), "[") {
		var values []sotkanetValue
		if err := json.Unmarshal(text, &values); err != nil {
			return nil, fmt.Errorf("is not what Sotkanet answers: %w", err)
		}
		return values, nil
	}
	return sotkanetRows(name, text)
}

// sotkanetRows reads CSV: indicator, region, year, gender, primary value, absolute value, with a first row of names.
func sotkanetRows(name string, text []byte) (values []sotkanetValue, err error) {
	table, err := sheet.Open(name, text, sheet.Format{Separator: ';'})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	header, err := table.Next()
	if err != nil || len(header) < 5 || !strings.EqualFold(header[0], "indicator") || !strings.EqualFold(header[1], "region") {
		return nil, errors.New("is not what Sotkanet answers: neither a list in JSON nor CSV that begins with indicator;region;year;gender")
	}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return nil, err
		}
		v, err := sotkanetRow(row)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", table.Row(), err)
		}
		values = append(values, v)
	}
}

func sotkanetRow(row []string) (v sotkanetValue, err error) {
	if len(row) < 5 {
		return v, fmt.Errorf("has %d cells", len(row))
	}
	var faults []error
	for i, into := range []*int{&v.Indicator, &v.Region, &v.Year} {
		if *into, err = strconv.Atoi(row[i]); err != nil {
			faults = append(faults, fmt.Errorf("column %d must be a whole number", i+1))
		}
	}
	v.Gender = row[3]
	for i, into := range []**float64{&v.Value, &v.AbsValue} {
		if 4+i >= len(row) || row[4+i] == "" {
			continue
		}
		n, err := strconv.ParseFloat(strings.Replace(row[4+i], ",", ".", 1), 64)
		if err != nil {
			faults = append(faults, fmt.Errorf("column %d must be a number", 5+i))
		}
		*into = &n
	}
	return v, errors.Join(faults...)
}
