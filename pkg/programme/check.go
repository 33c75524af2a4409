package programme

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"vointi.fi/pkg/document"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
)

// draft is a description that is looked at.
type draft struct {
	*document.Document
	p     *Programme
	known Known
}

var (
	languages   = []string{"fi", "sv", "en"}
	dimensions  = []string{"activity_type", "provider"}
	idPattern   = regexp.MustCompile(`^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$`)
	codePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.\[\]-]{0,63}$`)
)

// one notes a word that is none of a closed list.
func (d *draft) one(what, word string, words []string, at ...any) {
	d.Check(slices.Contains(words, word), d.At(at...), "%s %q is none of %s%s", what, word, strings.Join(words, ", "), reference.Meant(word, words))
}

func (d *draft) validate() {
	p := d.p
	d.Check(idPattern.MatchString(p.ID) && len(p.ID) <= 80, d.At("id"), "id %q must be letters and digits, with hyphens between", p.ID)
	for _, l := range languages {
		d.Check(p.Name[l] != "", d.At("name"), "no name in %s", l)
	}
	for _, key := range []string{"name", "target_group"} {
		texts := map[string]map[string]string{"name": p.Name, "target_group": p.TargetGroup}[key]
		for _, l := range slices.Sorted(maps.Keys(texts)) {
			d.one("language", l, languages, key, l)
		}
	}
	if p.Perspective != "" {
		d.one("perspective", p.Perspective, perspectives, "perspective")
	}
	d.Check(p.PriceYear == 0 || p.PriceYear >= 1900 && p.PriceYear < 2200, d.At("price_year"), "price_year must be a year from 1900 to 2199")
	d.Check(p.DiscountRate >= 0 && p.DiscountRate < 1, d.At("discount_rate"), "discount_rate must be a fraction from 0 to 1, such as 0.03")
	d.places()
	d.days()
	d.sessions()
	d.plan()
	d.effects()
	d.services()
	d.wellby()
	d.outcomes()
	d.simulation()
}

// places looks at the areas.
func (d *draft) places() {
	p := d.p
	d.areas(p.Areas, "areas")
	d.areas(p.ComparisonAreas, "comparison_areas")
	for i, area := range p.ComparisonAreas {
		d.Check(!slices.Contains(p.Areas, area), d.At("comparison_areas", i), "%s is one of the areas: it cannot be compared with itself", area)
	}
	d.Check(p.Project != "" || len(p.Areas) > 0 && p.Starts != "", d.At(), "without a project its areas and the first day must stand here: areas, starts")
}

// areas looks at a list of areas, which stands under the keys: of figures of several areas sums are made, so none may hold another.
func (d *draft) areas(areas []string, keys ...any) {
	for i, area := range areas {
		at := d.At(append(slices.Clone(keys), i)...)
		d.Check(d.area(area), at, "there is no area %q%s", area, reference.Meant(area, d.areaNames()))
		d.Check(!slices.Contains(areas[:i], area), at, "area %s stands twice", area)
		for _, other := range areas {
			d.Check(!d.within(area, other), at, "area %s is part of %s, which stands there, too: what is in it would count twice", area, other)
		}
	}
}

// within reports whether an area is part of another, at whatever time and however deep.
func (d *draft) within(part, whole string) bool {
	area := d.known.Areas.Find(part)
	return area != nil && part != whole && slices.ContainsFunc(area.Parents, func(p reference.Parent) bool {
		return p.Area == whole || d.within(p.Area, whole)
	})
}

func (d *draft) area(id string) bool { return slices.Contains(d.areaNames(), id) }

func (d *draft) areaNames() (names []string) {
	for _, a := range d.known.Areas {
		names = append(names, a.ID)
	}
	return names
}

// days looks at the dates.
func (d *draft) days() {
	from, begins := d.day(d.p.Starts, "starts")
	to, ends := d.day(d.p.Ends, "ends")
	d.Check(!begins || !ends || from <= to, d.At("ends"), "it ends before it starts")
	for i := range d.p.Effects {
		d.day(d.p.Effects[i].From, "effects", i, "from")
	}
}

func (d *draft) day(text string, at ...any) (indicator.Date, bool) {
	date, ok := day(text)
	d.Check(ok || text == "", d.At(at...), "%q is no day such as 2024-03-05", text)
	return date, ok
}

func (d *draft) sessions() {
	s := d.p.Sessions
	if s == nil {
		return
	}
	d.areas(s.Areas, "sessions", "areas")
	for i, member := range s.Members {
		d.Check(!slices.Contains(s.Members[:i], member), d.At("sessions", "members", i), "member %q stands twice", member)
	}
	if s.Dimension != "" {
		d.one("dimension", s.Dimension, dimensions, "sessions", "dimension")
	}
	d.Check((s.Dimension == "") == (len(s.Members) == 0), d.At("sessions"), "dimension and members go together")
}

func (d *draft) plan() {
	plan := d.p.Plan
	if plan == nil {
		return
	}
	d.Check(plan.SessionCost != nil && plan.Visits != nil, d.At("plan"), "session_cost and visits go together")
	d.positive(plan.SessionCost, "plan", "session_cost")
	d.positive(plan.Visits, "plan", "visits")
}

func (d *draft) effects() {
	seen := map[string]bool{}
	for i, e := range d.p.Effects {
		entry := d.known.Catalogue.Find(e.Indicator)
		at := d.At("effects", i, "indicator")
		if entry == nil {
			d.Fault(at, "there is no indicator %q%s", e.Indicator, d.known.Catalogue.Near(e.Indicator))
			continue
		}
		d.Check(!seen[e.Indicator], at, "indicator %s stands twice", e.Indicator)
		seen[e.Indicator] = true
		var periods []string
		for _, t := range entry.AllPeriods {
			if t != indicator.Rolling12M { // its periods overlap
				periods = append(periods, string(t))
			}
		}
		d.one("period", e.Period, periods, "effects", i, "period")
		d.amount(e.Worth, "effects", i, "worth")
	}
}

func (d *draft) services() {
	for i, s := range d.p.Services {
		d.Check(codePattern.MatchString(s.Code), d.At("services", i, "code"), "%q is no code of a service", s.Code)
		if s.Payer != "" {
			d.one("payer", s.Payer, []string{Municipality, County}, "services", i, "payer")
		}
		if d.amount(s.Dispersion, "services", i, "dispersion") {
			low, _, _ := s.Dispersion.Range()
			d.Check(low > 0, d.At("services", i, "dispersion"), "a dispersion is above 0; 1 is that of independent contacts")
		}
	}
}

func (d *draft) wellby() {
	w := d.p.Wellby
	if w == nil {
		return
	}
	d.Check(d.p.Effect(w.Indicator) != nil, d.At("wellby", "indicator"), "%q must stand among the effects: a change of participants alone is no effect", w.Indicator)
	d.Check(w.Value != nil, d.At("wellby"), "no value: a WELLBY has none in Finland unless a person enters it")
	d.Check(w.Years > 0 && !math.IsInf(w.Years, 0), d.At("wellby", "years"), "years must be above 0")
	d.positive(w.Value, "wellby", "value")
	d.positive(w.Persons, "wellby", "persons")
}

func (d *draft) outcomes() {
	for i := range d.p.SocialReturn {
		o := &d.p.SocialReturn[i]
		at := func(key string) []any { return []any{"social_return", i, key} }
		d.Check(o.Name != "", d.At(at("name")...), "no name")
		d.Check((o.Indicator == "") != (o.Quantity == nil), d.At("social_return", i), "either an indicator or a quantity must be given")
		d.Check(o.Indicator == "" || d.p.Effect(o.Indicator) != nil, d.At(at("indicator")...), "%q must stand among the effects", o.Indicator)
		d.amount(o.Quantity, at("quantity")...)
		d.Check(o.Proxy != nil, d.At("social_return", i), "no proxy: what a unit is worth")
		d.positive(o.Proxy, at("proxy")...)
		d.Check(o.Years >= 0 && o.Years <= 100, d.At(at("years")...), "years must be from 1 to 100")
		for key, share := range map[string]*Amount{"deadweight": o.Deadweight, "attribution": o.Attribution, "displacement": o.Displacement, "drop_off": o.DropOff} {
			if d.amount(share, at(key)...) {
				low, _, high := share.Range()
				d.Check(low >= 0 && high <= 1, d.At(at(key)...), "%s is a share from 0 to 1", key)
			}
		}
	}
}

// positive wants an amount, if there is one, to be above 0.
func (d *draft) positive(a *Amount, at ...any) {
	if d.amount(a, at...) {
		low, _, _ := a.Range()
		d.Check(low > 0, d.At(append(slices.Clone(at), "base")...), "must be above 0")
	}
}

// amount looks at an amount, and reports whether it is there and whole.
func (d *draft) amount(a *Amount, at ...any) bool {
	if a == nil {
		return false
	}
	node := d.At(at...)
	if a.Base == nil {
		d.Fault(node, "no base: the figure to count with")
		return false
	}
	d.Check(a.Source != "", node, "no source: where the figure is from")
	low, base, high := a.Range()
	ok := low <= base && base <= high && !math.IsInf(low, 0) && !math.IsInf(high, 0)
	d.Check(ok, node, "low, base and high must be numbers in this order")
	return ok
}

// fewestDraws are those below which the ends of an interval are not known to two digits.
const fewestDraws = 10_000

func (d *draft) simulation() {
	if s := d.p.Simulation; s != nil {
		d.Check(s.Draws == 0 || s.Draws >= fewestDraws && s.Draws <= 10_000_000, d.At("simulation", "draws"), "draws must be from 10000 to 10000000")
	}
}
