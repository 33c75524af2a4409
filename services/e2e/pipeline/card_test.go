package pipeline_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// holder is somebody with a card: each of the test's has a number.
func holder(n int) string { return fmt.Sprintf("%032x", 0xc0000+n) }

// issued is a card of a holder, from a day on.
func (p *pipeline) issued(n int, day time.Time, groups ...string) *event.Event {
	p.Helper()
	return p.event(event.CardIssued, fmt.Sprint("card ", n, day.Format(time.DateOnly)), day, &event.Card{
		PersonPseudonym: holder(n), Kind: "person", IssuedAt: day, HomeArea: kuusamo, TargetGroups: groups, ConsentVersion: "1", KeyVersion: 1,
	})
}

// ofFamily is a card of one of the families.
func (p *pipeline) ofFamily(n, household int, day time.Time) *event.Event {
	p.Helper()
	e := p.issued(n, day)
	e.Payload.(*event.Card).Kind, e.Payload.(*event.Card).Household = "family", fmt.Sprintf("%032x", 0xf0000+household)
	again, err := event.New(e.Type, e.Source, e.ID, e.Time, e.Area, e.Subject, e.Payload)
	p.must(err)
	return again
}

// cardHolders are the worked example of a ratio: of 120 at risk 30 came, of 1 000 others 100, of whom 40 are of 20 families. Twelve of
// those at risk came four times in four weeks.
func (p *pipeline) cardHolders() (cards, visits []*event.Event) {
	p.Helper()
	day := date(2024, 1, 2)
	for n := range 1120 {
		switch {
		case n < 120:
			cards = append(cards, p.issued(n, day, "risk"))
		case n < 160:
			cards = append(cards, p.ofFamily(n, n/2, day))
		default:
			cards = append(cards, p.issued(n, day))
		}
	}
	for n := range 220 {
		if n < 30 || n >= 120 {
			visits = append(visits, p.visit(fmt.Sprint("v", n), holder(n), "2024-02-06"))
		}
		for _, on := range []string{"2024-02-13", "2024-02-20", "2024-02-27"} {
			if n < 12 {
				visits = append(visits, p.visit(fmt.Sprint("v", n, on), holder(n), on))
			}
		}
	}
	visits = append(visits, p.event(event.IndicatorImported, "families", day, &event.Imported{
		Source: "statfin", ExternalID: "families_0_17", Area: kuusamo, Year: 2023, Value: 400, RetrievedAt: day,
	}))
	return cards, visits
}

// ratio returns the ratio of a target group in the year, or of those in any, and what it is of.
func (p *pipeline) ratio(group string) string {
	p.Helper()
	where := "dimension = ''"
	if group != "" {
		where = "dimension = 'target_group' AND member = '" + group + "'"
	}
	return fmt.Sprint(p.query(`SELECT toString(round(value, 6)), toString(round(lower95, 6)), toString(round(upper95, 6)), toString(numerator), toString(denominator)
		FROM vointi.indicators WHERE indicator = 'target-reach-ratio' AND area = 'KU305' AND period_type = 'year' AND period_start = '2024-01-01' AND %s`, where))
}

// TestTargetGroups is the worked example of a ratio through the system, whichever comes first, cards or visits; and what becomes of
// it when cards are issued anew, closed, erased and linked.
func TestTargetGroups(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	cards, visits := p.cardHolders()
	const example = "[2.5|1.741752|3.588342|30|120]"
	for _, order := range [][][]*event.Event{{cards, visits}, {visits, cards[600:], cards[:600], cards[:10]}} {
		p.forget()
		p.restartAggregator()
		for _, events := range order {
			p.send(events...)
		}
		p.equal("those at risk", p.ratio("risk"), example)
		p.equal("those in any group", p.ratio(""), example)
		window := p.query("SELECT toString(round(value, 6)) FROM vointi.indicators WHERE indicator = 'target-reach-ratio' AND area = 'KU305' AND period_type = 'rolling_12m' AND member = 'risk' AND period_start = '2023-04-01'")
		p.equal("and of the twelve months up to March", fmt.Sprint(window), "[2.5]")
		atRisk := "age_group = 'all' AND dimension = 'target_group' AND member = 'risk'"
		p.equal("participants at risk", p.rowOf("unique-participants", kuusamo, indicator.Year, "2024-01-01", atRisk).value, 30.0)
		p.equal("those who come regularly", p.rowOf("regular-share", kuusamo, indicator.Quarter, "2024-01-01", atRisk).value, 40.0)
		p.equal("families", p.row("family-reach", kuusamo, indicator.Year, "2024-01-01").value, 5.0)
		p.equal("families of the quarter", p.row("family-reach", "SSS", indicator.Quarter, "2024-01-01").value, 5.0)
		p.verify()
	}

	// One at risk who came says so no more; one who did not come gives the card back; nobody else changes.
	closed := &event.Card{PersonPseudonym: holder(119), Closed: true, Kind: "person", IssuedAt: date(2024, 1, 2), ClosedAt: date(2024, 3, 14), HomeArea: kuusamo, ConsentVersion: "1", KeyVersion: 1, TargetGroups: []string{"risk"}}
	p.send(p.issued(0, date(2024, 3, 12)), p.event(event.CardClosed, "closed", date(2024, 3, 14), closed))
	p.equal("after a change and a return", p.counts("risk"), "29 of 118, rest 101 of 1001")
	// Two families come to be one, and one of it comes no more.
	p.send(p.ofFamily(122, 60, date(2024, 3, 13)), p.ofFamily(123, 60, date(2024, 3, 13)))
	p.equal("families, two of them together", p.row("family-reach", kuusamo, indicator.Year, "2024-01-01").value, 4.75)
	p.verify()

	// A new key: the holder is the same, with the card of the old key until there is another.
	young := fmt.Sprintf("%032x", 1)
	p.send(p.event(event.CardRekeyed, "rekeyed", date(2024, 3, 15), &event.Rekey{OldPseudonym: holder(1), NewPseudonym: young, KeyVersion: 2}))
	p.equal("after a rotation", p.counts("risk"), "29 of 118, rest 101 of 1001")
	p.verify()

	p.send(p.request(holder(2), date(2024, 3, 16)), p.request(holder(118), date(2024, 3, 17)))
	p.equal("proofs", len(p.erased()), 2)
	p.equal("after erasures", p.counts("risk"), "28 of 116, rest 101 of 1001")
	for _, n := range []int{2, 118} {
		p.equal("places where an erased holder is found", fmt.Sprint(p.found(holder(n))), "[]")
	}
	p.verify()
}

// counts are the card holders of the year, in a group and outside.
func (p *pipeline) counts(group string) string {
	p.Helper()
	of := func(measure, where string) int {
		return p.cellOf(measure, kuusamo, indicator.Year, "2024-01-01", where)
	}
	in := func(measure string) int {
		var n int
		_, err := fmt.Sscan(p.query("SELECT toString(sum(value)) FROM vointi_internal.cells FINAL WHERE measure = '%s' AND area = 'KU305' AND period_type = 'year' AND period_start = '2024-01-01' AND member = '%s'", measure, group)[0], &n)
		p.must(err)
		return n
	}
	came, holders := in("active_card_holders"), in("card_holders")
	return fmt.Sprintf("%d of %d, rest %d of %d", came, holders, of("active_card_holders", "1")-came, of("card_holders", "1")-holders)
}

// TestSmallTargetGroups: a group of few, one that all but few are in, and one of whom all but few came are in no row, whoever asks.
func TestSmallTargetGroups(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	var events []*event.Event
	for n := range 120 {
		groups := []string{"passive"}
		switch {
		case n < 3:
			groups = nil
		case n < 6:
			groups = append(groups, "staff")
		case n < 40:
			groups = append(groups, "risk")
		case n < 80:
			groups = append(groups, "families")
		}
		events = append(events, p.issued(n, date(2024, 1, 2), groups...))
		if n < 30 || n >= 40 && n < 78 {
			events = append(events, p.visit(fmt.Sprint("v", n), holder(n), "2024-02-06"))
		}
	}
	p.send(events...)
	shown := p.query(`SELECT DISTINCT indicator, period_type, member FROM vointi.indicators
		WHERE dimension = 'target_group' AND suppressed = '' AND indicator IN ('target-reach-ratio', 'unique-participants') AND period_type = 'year' ORDER BY ALL`)
	p.equal("groups shown", fmt.Sprint(shown), "[target-reach-ratio|year|risk unique-participants|year|families unique-participants|year|risk]")
	any := p.row("target-reach-ratio", kuusamo, indicator.Year, "2024-01-01")
	p.equal("those in any group, since three are in none", fmt.Sprint(any.suppressed, " ", math.IsNaN(any.value)), "protected true")
	p.verify()
}
