package evaluator

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
)

// need is the effect on the use of a service, a year, and what it is worth.
type need struct {
	found
	service   programme.Service
	residents float64          // of the areas
	after     []indicator.Date // starts of the periods after the start of the programme
	end       indicator.Date   // of the last of them
	perYear   float64          // periods a year
	price     *unitCost
	priceErr  error
}

// serviceNeeds estimates the change of each service's use, and the cost that it avoids in a year.
func (w *work) serviceNeeds() {
	for _, s := range w.p.Services {
		n := w.need(s)
		w.needs = append(w.needs, n)
		x := w.compared(programme.ServiceNeed, "contacts a resident and year", "")
		x.service = s.Code
		w.report(x, &n.found)
		if n.end != 0 {
			x.to = n.end - 1
		}
		w.avoided(&n)
	}
}

// group is what is known of an area in a period.
type group struct {
	area                          string
	start                         indicator.Date
	contacts, persons, population float64 // persons NaN: not told
}

func (w *work) need(s programme.Service) (n need) {
	n = need{service: s, found: found{method: "DID of contacts a resident"}}
	n.price, n.priceErr = w.priceOf(s.Code)
	if n.err = w.comparable(); n.err != nil {
		return n
	}
	n.err = refuse(programme.MissingFigures)
	var first *need // why months do not do, or years where there are no months
	for _, typ := range []indicator.PeriodType{indicator.Month, indicator.Year} {
		again := need{service: s, found: found{method: n.method}, price: n.price, priceErr: n.priceErr}
		groups, err := w.groups(&again, typ)
		if err == nil && len(groups) == 0 {
			continue
		}
		if err == nil {
			err = again.fill(w, groups, typ)
		}
		if again.err = err; err == nil {
			return again
		}
		if first == nil {
			first = &again
		}
	}
	if first != nil {
		return *first
	}
	return n
}

// fill estimates the effect on groups of one period type.
func (n *need) fill(w *work, groups []group, typ indicator.PeriodType) error {
	dispersion := w.dispersion(n, groups)
	n.perYear = map[indicator.PeriodType]float64{indicator.Year: 1, indicator.Month: 12}[typ]
	var cells []costeffect.Cell
	residents, start := map[string]group{}, math.MaxInt
	for _, g := range groups {
		number := periodNumber(typ, g.start)
		if g.start >= w.d.starts {
			start, n.end = min(start, number), max(n.end, typ.End(g.start))
			n.after = append(n.after, g.start)
		}
		if slices.Contains(w.d.areas, g.area) && g.start >= residents[g.area].start {
			residents[g.area] = g
		}
		cells = append(cells, costeffect.Cell{
			Area: g.area, Period: number, Value: n.perYear * g.contacts / g.population,
			SE: n.perYear * math.Sqrt(dispersion*g.contacts) / g.population, Weight: 1,
		})
		n.inputs = append(n.inputs, exact("contacts in "+g.area+" "+g.start.String(), g.contacts, "", serviceUse), exact("residents of "+g.area+" "+g.start.String(), g.population, "", serviceUse))
	}
	panel, err := costeffect.NewPanel(cells, w.d.areas, start)
	if err != nil {
		return err
	}
	inputs, flags := n.inputs, n.flags
	n.found = w.infer(panel)
	if slices.Contains(n.found.flags, string(costeffect.AreaShocks)) {
		flags = append(flags, programme.FlagRepeated)
	}
	n.inputs, n.flags = inputs, append(n.flags, flags...)
	slices.Sort(n.after)
	n.after = slices.Compact(n.after)
	for _, g := range residents {
		n.residents += g.population
	}
	return n.err
}

const serviceUse = "serviceuse.aggregate.v1"

func periodNumber(typ indicator.PeriodType, start indicator.Date) int {
	n := start.Year()
	if typ == indicator.Month {
		n = 12*n + int(start.Time().Month()) - 1
	}
	return n
}

// dispersion is how much more contacts vary than independent ones: as it is described, or from the share of residents without any.
func (w *work) dispersion(n *need, groups []group) float64 {
	if d := n.service.Dispersion; d != nil {
		_, base, _ := d.Range()
		n.inputs = append(n.inputs, entered("dispersion of contacts", d, ""))
		return base
	}
	var all group
	for _, g := range groups {
		all.contacts, all.persons, all.population = all.contacts+g.contacts, all.persons+g.persons, all.population+g.population
	}
	phi, err := costeffect.Dispersion(all.contacts, all.persons, all.population)
	if err != nil {
		n.flags = append(n.flags, string(costeffect.PoissonAssumed))
		return 1
	}
	n.flags = append(n.flags, programme.FlagDispersion)
	n.inputs = append(n.inputs, exact("persons with a contact", all.persons, "", serviceUse), exact("dispersion of contacts", phi, "", "negative binomial with that share of residents without a contact"))
	return phi
}

// groups sums the use of a service by area and period: everybody, or all groups of one scheme. What is protected at its source, or too
// small to be shown, leaves nothing.
func (w *work) groups(n *need, typ indicator.PeriodType) ([]group, error) {
	type key struct{ area, period string }
	byKey := map[key][]use{}
	for _, u := range w.e.Uses {
		if u.Service == n.service.Code && (len(u.Period) == len("2024")) == (typ == indicator.Year) && w.d.compares(u.Area) {
			byKey[key{u.Area, u.Period}] = append(byKey[key{u.Area, u.Period}], u)
		}
	}
	var groups []group
	for k, uses := range byKey {
		start, err := indicator.ParseDate((k.period + "-01-01")[:len("2024-01-01")])
		if err != nil {
			return nil, fmt.Errorf("service use of %s in %s: %w", k.area, k.period, err)
		}
		end := typ.End(start)
		if start < w.d.starts && end > w.d.starts {
			n.flags = append(n.flags, programme.FlagTransition)
			continue
		}
		if end > w.d.until(w.e.Today) {
			continue
		}
		g, err := w.whole(uses, start)
		if err != nil {
			return nil, err
		}
		if g.population > 0 {
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(a, b group) int { return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(a.start, b.start)) })
	return groups, nil
}

// whole adds groups of one area and period up to everybody.
func (w *work) whole(uses []use, start indicator.Date) (g group, err error) {
	g = group{area: uses[0].Area, start: start}
	scheme := uses[0].Scheme
	if i := slices.IndexFunc(uses, func(u use) bool { return u.Group == "all" }); i >= 0 {
		uses = slices.DeleteFunc(slices.Clone(uses), func(u use) bool { return u.Group != "all" })
		scheme = uses[0].Scheme
	}
	both := slices.ContainsFunc(uses, func(u use) bool { return u.Scheme == scheme && u.Sex == "" })
	for _, u := range uses {
		if u.Scheme != scheme || both != (u.Sex == "") {
			continue
		}
		if u.Suppressed || u.Contacts > 0 && u.Contacts < w.rules.Threshold || u.Persons > 0 && u.Persons < w.rules.Threshold {
			return g, errProtected
		}
		g.contacts += float64(u.Contacts)
		g.persons += orNaN(u.Persons)
		g.population += orNaN(u.Population)
	}
	if math.IsNaN(g.population) {
		g.population = w.residentsOf(g.area, start)
	}
	return g, nil
}

func orNaN(n int64) float64 {
	if n < 0 {
		return math.NaN()
	}
	return float64(n)
}

// residentsOf is how many live in an area in the calendar year of a day, as published; NaN: not known.
func (w *work) residentsOf(area string, day indicator.Date) float64 {
	year := indicator.Period{Type: indicator.Year, Start: indicator.Year.First(day)}
	if f := w.find(reach, area, "", "all", year); f != nil && !f.protected() {
		return f.Denominator
	}
	return math.NaN()
}

// priceOf is what a contact costs, at prices of the programme's year or the last before it, else the first after.
func (w *work) priceOf(service string) (*unitCost, error) {
	var best *unitCost
	for i := range w.e.UnitCosts {
		u := &w.e.UnitCosts[i]
		if u.Service == service && (best == nil || u.Year <= w.priceYear()) {
			best = u
		}
	}
	if best == nil {
		return nil, refuse(programme.MissingUnitCost)
	}
	if best.Low < 0 || best.Low > best.Base || best.Base > best.High {
		return nil, refuse(programme.MissingUnitCost)
	}
	return best, nil
}

func (n *need) priceInput() input {
	in := ranged("unit cost of "+n.service.Code, n.price.Base, n.price.Low, n.price.High, "€", fmt.Sprintf("prices of %d: %s", n.price.Year, n.price.Source))
	in.placeholder = n.price.Placeholder
	return in
}

func (n *need) effectInput() input {
	return ranged("change in contacts of "+n.service.Code, n.Value, n.Lower, n.Upper, "a resident and year", n.method)
}

func (n *need) residentsInput() input {
	return exact("residents of the areas", n.residents, "", serviceUse)
}

// avoided is what the change saves in a year, at the base unit cost: its range is that of the effect.
func (w *work) avoided(n *need) {
	x := w.compared(programme.AvoidedCost, "€ a year", "−effect × residents × unit cost")
	x.service = n.service.Code
	x.flag(n.flags...)
	if n.err == nil {
		x.use(n.effectInput(), n.residentsInput())
	}
	if w.foreign(n) {
		x.flag(programme.FlagExternalCost)
	}
	err := n.err
	if err == nil {
		err = n.priceErr
	}
	if err != nil {
		x.fail(err)
		return
	}
	x.use(n.priceInput())
	x.flag(w.priced(n)...)
	x.set(n.Avoided(n.residents, n.price.Base))
	x.p = n.P
}

// priced returns the flag of a unit cost at prices of another year.
func (w *work) priced(n *need) []string {
	if n.price != nil && n.price.Year != w.priceYear() {
		return []string{programme.FlagPrices}
	}
	return nil
}

// foreign reports whether what is avoided is saved by somebody else than the perspective speaks of.
func (w *work) foreign(n *need) bool {
	return w.p.Perspective != programme.Society && w.p.Perspective != n.service.Payer
}
