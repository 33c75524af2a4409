package pipeline_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/aggregator"
)

// visitors is n different people who come once, on a day, of an age and sex.
func (p *pipeline) visitors(session string, day time.Time, n int, sex string) []*event.Event {
	p.Helper()
	var events []*event.Event
	for i := range n {
		c := fixtureCheckin(pseudonym(session, i), day.Year()-40)
		c.SessionID, c.CheckedInAt, c.Sex = session, day.Add(15*time.Hour), sex
		events = append(events, p.event(event.CheckinRecorded, fmt.Sprintf("%s-%d", session, i), c.CheckedInAt, c))
	}
	return events
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// residents are those of Kuusamo at a year's end, all forty years old.
func (p *pipeline) residents(year, n int, sex string) *event.Event {
	p.Helper()
	at := date(year, 12, 31)
	return p.event(event.PopulationSnapshot, fmt.Sprintf("pop-%d-%s", year, sex), at, &event.Population{
		Area: kuusamo, Year: year, Sex: sex, Age: "40", Count: n, RetrievedAt: at,
	})
}

// says returns what a comparison says; the row must be one.
func (p *pipeline) says(where string, args ...any) (numbers [4]float64, words string) {
	p.Helper()
	lines := p.query(`SELECT toString(ifNull(difference, nan)), toString(ifNull(lower95, nan)), toString(ifNull(upper95, nan)), toString(ifNull(p, nan)),
		unit, verdict, reason FROM vointi.comparisons WHERE `+where, args...)
	if len(lines) != 1 {
		p.Fatalf("%d comparisons, want 1, where %s", len(lines), fmt.Sprintf(where, args...))
	}
	parts := strings.Split(lines[0], "|")
	for i := range numbers {
		v, err := strconv.ParseFloat(parts[i], 64)
		p.must(err)
		numbers[i] = v
	}
	return numbers, strings.Join(parts[4:], " ")
}

func (p *pipeline) near(what string, got [4]float64, want ...float64) {
	p.Helper()
	for i, w := range want {
		if math.IsNaN(got[i]) != math.IsNaN(w) || math.Abs(got[i]-w) > 6e-5*max(1, math.Abs(w)) {
			p.Errorf("%s: %v, want %v", what, got, want)
			return
		}
	}
}

const kalajoki = "KU208"

const everybody = "area = 'KU305' AND age_group = 'all' AND sex = 'all' AND dimension = ''"

// TestComparisonsOfShares takes published examples from check-ins to the read model: 56 of 70 residents after 48 of 80, and
// beside 48 of 80 in the similar municipality.
func TestComparisonsOfShares(t *testing.T) {
	p := newPipeline(t, "2024-05-20")
	elsewhere := func(events ...*event.Event) []*event.Event {
		for i, e := range events {
			switch payload := e.Payload.(type) {
			case *event.Checkin:
				payload.HomeArea = kalajoki
				events[i] = p.event(e.Type, e.ID+"-K", e.Time, payload)
			case *event.Population:
				payload.Area = kalajoki
				events[i] = p.event(e.Type, e.ID+"-K", e.Time, payload)
			}
		}
		return events
	}
	p.send(slices.Concat(
		[]*event.Event{p.residents(2021, 80, "2"), p.residents(2022, 80, "2"), p.residents(2023, 60, "2")},
		elsewhere(p.residents(2021, 80, "2"), p.residents(2022, 80, "2"), p.residents(2023, 80, "2")),
		p.visitors("A", date(2022, 1, 11), 48, "2"), p.visitors("B", date(2023, 3, 1), 56, "2"),
		elsewhere(p.visitors("C", date(2022, 1, 11), 40, "2")...), elsewhere(p.visitors("D", date(2023, 3, 1), 48, "2")...),
	)...)
	const year = "indicator = 'participation-reach' AND period_type = 'year' AND period_start = '2023-01-01' AND " + everybody
	for _, comparator := range []string{"previous", "similar"} {
		numbers, words := p.says(year+" AND comparator = '%s'", comparator)
		p.near(comparator, numbers, 20, 5.2431, 33.3873, 0.008045)
		p.equal(comparator, words, "pp better ")
	}
	numbers, words := p.says(year + " AND comparator = 'trend5'")
	p.near("trend", numbers, math.NaN())
	p.equal("trend", words, "logit a year  too_few_points")
	p.verify()
}

// TestComparisonsOfCounts: 120 visits in a March after 96 in the one before are +25 %; and in the running month nothing.
func TestComparisonsOfCounts(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	p.send(slices.Concat(p.visitors("A", date(2023, 3, 7), 96, "2"), p.visitors("B", date(2024, 3, 5), 120, "2"))...)
	const march = "indicator = 'participation-visits' AND period_type = 'month' AND period_start = '2024-03-01' AND " + everybody
	numbers, words := p.says(march + " AND comparator = 'same_period_last_year'")
	p.near("running", numbers, math.NaN(), math.NaN(), math.NaN(), math.NaN())
	p.equal("running", words, "%  period_not_over")
	p.verify()

	p.setClock("2024-04-01")
	p.send()
	numbers, words = p.says(march + " AND comparator = 'same_period_last_year'")
	p.near("over", numbers, 25, -4.422770, 63.481351, 0.102470)
	p.equal("over", words, "% similar ")
	p.equal("nothing was published in February", len(p.query("SELECT comparator FROM vointi.comparisons WHERE comparator = 'previous' AND %s", march)), 0)
	p.verify()

	p.send(p.crowd("C", 1, 3)...) // late, and of so few that the day is protected
	numbers, words = p.says("indicator = 'participation-visits' AND period_type = 'day' AND period_start = '2024-03-06' AND comparator = 'previous' AND area = 'KU305'")
	p.near("a protected day", numbers, math.NaN(), math.NaN(), math.NaN(), math.NaN())
	p.equal("a protected day", words, "n  protected")
	p.verify()
}

// storedComparisons is every comparison, with more columns if asked for.
func (p *pipeline) storedComparisons(columns string) []string {
	p.Helper()
	return p.query(`SELECT toString(tuple(indicator, area, age_scheme, age_group, sex, dimension, member, period_type, period_start, wave, comparator,
		difference, lower95, upper95, unit, p, p_adjusted, verdict, reason%s)) FROM vointi_internal.comparisons FINAL ORDER BY ALL`, columns)
}

// TestComparisonsAreWrittenOnce: without news nothing is written, and news write what differs.
func TestComparisonsAreWrittenOnce(t *testing.T) {
	p := newPipeline(t, "2024-04-10")
	p.send(slices.Concat(p.visitors("A", date(2024, 2, 6), 40, "2"), p.visitors("B", date(2024, 3, 5), 50, "2"))...)
	first := p.storedComparisons(", version")
	if len(first) == 0 {
		t.Fatal("nothing is compared")
	}
	p.send()
	p.restartAggregator()
	p.send()
	p.equal("versions without news", fmt.Sprint(p.storedComparisons(", version")), fmt.Sprint(first))
	p.equal("rows written", p.query("SELECT toString(count()) FROM vointi_internal.comparisons")[0], fmt.Sprint(len(first)))
	p.send(p.visitors("C", date(2024, 3, 6), 10, "1")...)
	kept := 0
	for _, row := range p.storedComparisons(", version") {
		if slices.Contains(first, row) {
			kept++
		}
	}
	if kept == 0 || kept == len(first) {
		t.Errorf("%d of %d rows were left alone", kept, len(first))
	}
	p.verify()
}

// TestComparisonsAreRepaired kills the aggregator between publication and comparison, and before the journal says that
// comparisons were made. The next one makes them.
func TestComparisonsAreRepaired(t *testing.T) {
	p := newPipeline(t, "2024-04-10")
	p.send(p.visitors("A", date(2024, 2, 6), 40, "2")...)
	for i, step := range []string{"compare", "comparisons"} {
		p.ingest(p.visitors(fmt.Sprint("B", i), date(2024, 3, 5+i), 50, "2")...)
		p.doom(step)
		p.restartAggregator()
		p.send()
		numbers, _ := p.says("indicator = 'participation-visits' AND period_type = 'month' AND period_start = '2024-03-01' AND comparator = 'previous' AND " + everybody)
		p.near(step, numbers, float64(10+50*i))
		p.verify()
	}
}

// TestComparisonsFollowARebuild: it leaves them due and says so, also to one that is killed before it has made them.
func TestComparisonsFollowARebuild(t *testing.T) {
	p := newPipeline(t, "2024-04-10")
	p.ingest(slices.Concat(p.visitors("A", date(2024, 2, 6), 40, "2"), p.visitors("B", date(2024, 3, 5), 50, "2"))...)
	due := func(after string) {
		t.Helper()
		if differences, err := p.agg.Verify(t.Context(), func(string, int) {}); !errors.Is(err, aggregator.ErrBusy) {
			t.Errorf("after %s: %v, and differences %q", after, err, differences)
		}
		p.equal("comparisons after "+after, len(p.storedComparisons("")), 0)
		p.restartAggregator()
	}
	p.doom("compare")
	due("a death before any")
	p.must(p.agg.Rebuild(t.Context(), func(string, int) {}))
	due("a rebuild")
	p.doom("comparisons") // written, but not noted in the journal
	written := p.storedComparisons(", version")
	p.send()
	p.equal("comparisons", fmt.Sprint(p.storedComparisons(", version")), fmt.Sprint(written))
	numbers, _ := p.says("indicator = 'participation-visits' AND period_type = 'month' AND period_start = '2024-03-01' AND comparator = 'previous' AND " + everybody)
	p.near("a month", numbers, 10)
	p.verify()

	p.every = 24 * time.Hour
	p.restartAggregator()
	p.must(p.agg.Rebuild(t.Context(), func(string, int) {}))
	p.send() // does not wait for the next day's breakdowns
	p.verify()

	p.must(p.agg.Rebuild(t.Context(), func(string, int) {}))
	compared := 0
	p.must(p.agg.Compare(t.Context(), func(what string, done int) {
		if what == "comparisons" {
			compared = done
		}
	}))
	if compared == 0 {
		t.Error("nothing was told of comparisons")
	}
	p.equal("comparisons", fmt.Sprint(p.storedComparisons(", version")), fmt.Sprint(written))
	p.verify()
}

// TestVerifyFindsComparisons that nobody calculated, and those that are missing.
func TestVerifyFindsComparisons(t *testing.T) {
	for what, replaced := range map[string]string{
		"changed": "difference + 1 AS difference, version + 1000 AS version",
		"gone":    "1 AS deleted, version + 1000 AS version",
	} {
		t.Run(what, func(t *testing.T) {
			p := newPipeline(t, "2024-04-10")
			p.send(slices.Concat(p.visitors("A", date(2024, 2, 6), 40, "2"), p.visitors("B", date(2024, 3, 5), 50, "2"))...)
			p.verify()
			p.must(p.db.Exec(t.Context(), `INSERT INTO vointi_internal.comparisons SELECT * REPLACE (`+replaced+`)
				FROM vointi_internal.comparisons FINAL WHERE comparator = 'previous' AND period_type = 'month' AND difference IS NOT NULL LIMIT 1`))
			differences, err := p.agg.Verify(t.Context(), func(string, int) {})
			p.must(err)
			if text := strings.Join(differences, "\n"); !strings.Contains(text, "comparisons by ") {
				t.Errorf("nothing is found: %s", text)
			}
		})
	}
}

// TestComparisonsIgnoreTheWay: comparisons are a function of what is published. The same sessions in another order of
// refreshes and with restarts give the same publications here, as every session has enough people to be shown.
func TestComparisonsIgnoreTheWay(t *testing.T) {
	var first, published []string
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("order ", seed), func(t *testing.T) {
			p := newPipeline(t, "2024-04-10")
			p.TB = t
			p.ingest(p.residents(2022, 400, "2"), p.residents(2023, 380, "2"), p.residents(2022, 300, "1"), p.residents(2023, 320, "1"))
			batches := [][]*event.Event{{p.target("a", 2023, 12.5)}}
			for i, day := range []time.Time{date(2023, 3, 7), date(2024, 2, 6), date(2024, 3, 5)} {
				batches = append(batches, slices.Concat(p.visitors(fmt.Sprint("A", i), day, 20+7*i, "2"), p.visitors(fmt.Sprint("B", i), day, 40-3*i, "1")))
			}
			random := rand.New(rand.NewPCG(seed, 7))
			random.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
			for _, batch := range batches {
				p.send(batch...)
				if random.IntN(2) == 0 {
					p.restartAggregator()
				}
			}
			got := p.storedComparisons("")
			rows := p.query("SELECT toString(tuple(* EXCEPT (computed_at, version, revision, reason))) FROM vointi_internal.publications FINAL ORDER BY ALL")
			if first == nil {
				first, published = got, rows
			}
			if !slices.Equal(rows, published) {
				for i, row := range rows {
					if row != published[i] {
						t.Fatalf("other publications than in the first order, so that nothing can be said of comparisons:\n%s\n%s", row, published[i])
					}
				}
			}
			if len(got) == 0 || !slices.Equal(got, first) {
				t.Errorf("%d comparisons, or others than in the first order (%d)", len(got), len(first))
			}
		})
	}
}

// target is one for the reach of Kuusamo.
func (p *pipeline) target(id string, year int, value float64) *event.Event {
	p.Helper()
	at := date(2022, 11, 1)
	return p.event(event.TargetSet, fmt.Sprint("target-", id, value), at.Add(time.Duration(value*float64(time.Hour))), &event.Target{
		TargetID: id, Indicator: "participation-reach", Area: kuusamo, Year: year, Value: value, Source: "suunnitelma", SetAt: at,
	})
}

// TestTargets: the last event of a target counts, wherever it points; and of two for one year the one set last.
func TestTargets(t *testing.T) {
	p := newPipeline(t, "2024-05-20")
	p.send(slices.Concat([]*event.Event{p.residents(2022, 100, "2"), p.residents(2023, 100, "2"), p.target("a", 2023, 20)}, p.visitors("A", date(2023, 1, 10), 40, "2"))...)
	const reach = "indicator = 'participation-reach' AND period_type = 'year' AND period_start = '2023-01-01' AND comparator = 'target' AND " + everybody
	says := func(what string, difference float64, want string) {
		t.Helper()
		numbers, words := p.says(reach)
		p.near(what, numbers, difference)
		p.equal(what, words, want)
		p.verify()
	}
	says("reached", 20, "pp reached ")
	p.send(p.target("a", 2023, 60))
	says("raised", -20, "pp missed ")
	p.send(p.target("b", 2023, 39))
	says("an earlier one for the same", -20, "pp missed ")
	p.equal("targets", fmt.Sprint(p.query("SELECT area, age_group, toString(year), toString(value), target_id, source FROM vointi.targets")), "[KU305|all|2023|60|a|suunnitelma]")
	p.send(p.target("a", 2030, 61))
	says("moved away, so that the other counts", 1, "pp undecided ")
	p.equal("targets", fmt.Sprint(p.query("SELECT toString(year), toString(value), target_id FROM vointi.targets ORDER BY year")), "[2023|39|b 2030|61|a]")
	p.send(p.target("b", 2031, 62))
	p.equal("no target any more", len(p.query("SELECT 'x' FROM vointi.comparisons WHERE %s", reach)), 0)
	p.verify()
	p.equal("a decision-maker's targets", p.query("SELECT toString(count()) FROM vointi.decision_targets")[0], "0") // nobody has described Kuusamo here
}
