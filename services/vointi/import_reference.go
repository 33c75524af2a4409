package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
)

type importAreasCommand struct {
	From    string         `arg:"" help:"a YAML file, or an address of one, as schemas/reference/areas.yaml"`
	Licence string         `name:"licence" help:"licence under which they are published, such as CC BY 4.0"`
	Import  importSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*importAreasCommand) Help() string {
	return `Areas, their names and where they belong become events reference.area.v1. The file is as schemas/reference/areas.yaml, which explains itself; its first area is the country, and every area stands after those it belongs to:

    areas:
      - {id: SSS, level: country, code: SSS, source: known, name: {fi: Suomi, sv: Finland, en: Finland}}
      - {id: MK17, level: region, code: "17", source: known, name: {fi: Pohjois-Pohjanmaa, sv: Norra Österbotten, en: North Ostrobothnia}, parents: [{hierarchy: country, area: SSS}]}
      - {id: KU305, level: municipality, code: "305", source: known, name: {fi: Kuusamo, sv: Kuusamo, en: Kuusamo}, parents: [{hierarchy: region, area: MK17}]}

successor names the municipality that an area was merged into; valid_to is then the first day on which it is no more.`
}

// unknownStart is since when an area is whose beginning is older than any data.
var unknownStart = time.Date(2010, time.January, 1, 0, 0, 0, 0, time.UTC)

// Run publishes a reference.area.v1 for each area.
func (c *importAreasCommand) Run(ctx context.Context, proc *process) error {
	d, err := openDocument(ctx, proc, c.From, "")
	if err != nil {
		return fmt.Errorf("import areas: %w", err)
	}
	return c.Import.finish(ctx, proc, areasOf(d, c.Licence))
}

// areasOf makes the events of a document, none if anything in it is wrong with the whole.
func areasOf(d document, licence string) (in imported) {
	areas, err := reference.ReadAreas(d.name, d.body)
	if in.unreadable = err; err != nil {
		return in
	}
	for _, a := range areas {
		e, err := areaEvent(a, d.retrieved, licence)
		if err != nil {
			in.add([]error{fmt.Errorf("%s: area %s: %w", d.name, a.ID, err)})
			continue
		}
		in.events = append(in.events, e)
	}
	in.ledger, in.summary, in.shows = "areas", countOf(len(in.events), "area", "areas"), "vointi.areas shows them"
	return in
}

func areaEvent(a reference.Area, retrieved time.Time, licence string) (*event.Event, error) {
	described := &event.Area{
		AreaID: a.ID, Level: a.Level, Code: a.Code, Name: a.Name, ValidFrom: cmp.Or(a.ValidFrom, unknownStart), ValidTo: a.ValidTo,
		RetrievedAt: retrieved, Licence: licence,
	}
	for _, p := range a.Parents {
		if p.ValidTo.IsZero() {
			described.Parents = append(described.Parents, event.Parent{Hierarchy: p.Hierarchy, Area: p.Area})
		}
	}
	if a.Successor != "" {
		described.Parents = append(described.Parents, event.Parent{Hierarchy: a.Level, Area: a.Successor})
	}
	return event.New(event.AreaDescribed, importSource, event.NewID(string(event.AreaDescribed), a.ID, retrievedName(retrieved)), described.ValidFrom, "SSS", a.ID, described)
}

// retrievedName tells the events of an entity apart that were read at different times: they say when.
func retrievedName(at time.Time) string { return at.UTC().Format(time.RFC3339) }

type importUnitCostsCommand struct {
	From    string         `arg:"" help:"a YAML or CSV file, or an address of one"`
	Licence string         `name:"licence" help:"licence under which they are published, such as CC BY 4.0"`
	Import  importSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*importUnitCostsCommand) Help() string {
	return `What one unit of a service costs becomes an event reference.unitcost.v1. YAML: source, source_url and price_year for all, then unit_costs:

    source: THL, sosiaali- ja terveydenhuollon yksikkökustannukset
    price_year: 2017
    unit_costs:
      - {service_code: gp_visit, low: "80.00", base: "100.00", high: "120.00", placeholder: true}

CSV: the same names in the first line. Amounts are euros. placeholder marks a figure that nobody has looked up yet.`
}

var unitCostColumns = []string{"service_code", "price_year", "low", "base", "high", "source", "source_url", "placeholder"}

// Run publishes a reference.unitcost.v1 for each cost.
func (c *importUnitCostsCommand) Run(ctx context.Context, proc *process) error {
	d, err := openDocument(ctx, proc, c.From, "")
	if err != nil {
		return fmt.Errorf("import unit-costs: %w", err)
	}
	return c.Import.finish(ctx, proc, unitCostsOf(d, c.Licence))
}

// unitCostsOf makes the events of a document, and tells every fault.
func unitCostsOf(d document, licence string) (in imported) {
	file := d.name
	records, all, err := recordsFromFile(file, d.body, "unit_costs", unitCostColumns, []string{"price_year", "source", "source_url"})
	if in.unreadable = err; len(records) == 0 && err == nil {
		in.unreadable = fmt.Errorf("%s: there are no unit costs in it", file)
	}
	seen := map[event.Key]cell{}
	for _, r := range records {
		faults := r.faults
		if r.values != nil {
			e, wrong := unitCostEvent(d, licence, r, all)
			if faults = append(faults, wrong...); len(faults) == 0 {
				if before, twice := seen[e.Key()]; twice {
					faults = append(faults, r.fault(file, "the cost of line %d again", before.line))
				} else {
					seen[e.Key()] = r.cell
					in.events = append(in.events, e)
				}
			}
		}
		in.add(faults)
	}
	in.ledger, in.summary, in.shows = "unit-costs", countOf(len(in.events), "unit cost", "unit costs"), "cost effects can be reckoned with them"
	return in
}

// unitCostEvent makes the event of a cost, or tells every fault.
func unitCostEvent(d document, licence string, r record, all map[string]cell) (*event.Event, []error) {
	var faults []error
	file := d.name
	v := func(name string) string { return cmp.Or(r.values[name].text, all[name].text) }
	year, err := strconv.Atoi(v("price_year"))
	if err != nil {
		faults = append(faults, r.where("price_year").fault(file, "price_year: must be a year such as 2017"))
	}
	placeholder, err := strconv.ParseBool(cmp.Or(v("placeholder"), "false"))
	if err != nil {
		faults = append(faults, r.where("placeholder").fault(file, "placeholder: must be true or false"))
	}
	euros := func(name string) *int64 {
		if v(name) == "" {
			return nil
		}
		cents, ok := centsOf(v(name))
		if !ok {
			faults = append(faults, r.where(name).fault(file, "%s: must be euros such as 12.50", name))
		}
		return &cents
	}
	p := &event.UnitCost{
		ServiceCode: v("service_code"), PriceYear: year, LowCents: euros("low"), HighCents: euros("high"),
		Source: v("source"), SourceURL: v("source_url"), Placeholder: placeholder, RetrievedAt: d.retrieved, Licence: licence,
	}
	if base := euros("base"); base != nil {
		p.BaseCents = *base
	} else {
		faults = append(faults, r.fault(file, "base: is required"))
	}
	at := time.Date(min(max(year, 1900), 2199), time.January, 1, 0, 0, 0, 0, time.UTC)
	e, err := event.New(event.UnitCostSet, importSource, event.NewID(string(event.UnitCostSet), p.ServiceCode, v("price_year"), retrievedName(d.retrieved)), at, "SSS", p.ServiceCode, p)
	var invalid *event.InvalidError
	if errors.As(err, &invalid) {
		for _, f := range invalid.Faults {
			name := strings.TrimPrefix(f.Pointer, "/data/")
			if !told(faults, name) {
				faults = append(faults, r.where(name).fault(file, "%s: %s", name, f.Reason))
			}
		}
	} else if err != nil {
		faults = append(faults, err)
	}
	return e, faults
}

// centsOf reads euros with up to two decimals.
func centsOf(text string) (int64, bool) {
	whole, part, _ := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	if len(part) > 2 || whole == "" || strings.ContainsAny(text, "+-_") {
		return 0, false
	}
	cents, err := strconv.ParseInt(whole+part+strings.Repeat("0", 2-len(part)), 10, 64)
	return cents, err == nil
}
