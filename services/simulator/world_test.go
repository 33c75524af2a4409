package simulator_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/simulator"
)

func TestDemoSize(t *testing.T) {
	t.Parallel()
	if n := newSimulator(t, simulator.Default(now)).Count(); n < 900_000 || n > 1_200_000 {
		t.Errorf("%d events, want about a million", n)
	}
}

// notSimulated are the types that nobody emits in the simulated towns.
var notSimulated = []event.Type{event.CardClosed, event.CardRekeyed, event.ErasureRequested}

func TestTwoTowns(t *testing.T) {
	t.Parallel()
	cfg := simulator.Default(now)
	cfg.Municipalities = []string{simulator.PilotArea, simulator.ComparisonArea}
	f := fold(t, cfg)
	for _, typ := range event.Types() {
		if f.types[typ] == 0 && !slices.Contains(notSimulated, typ) {
			t.Errorf("no %s", typ)
		}
	}
	if share := float64(f.types[event.CheckinRecorded]) / float64(f.total); share < 0.6 {
		t.Errorf("check-ins are %.2f of all events", share)
	}
	if late := float64(f.late) / float64(f.all); math.Abs(late-cfg.Late) > 0.003 {
		t.Errorf("%.4f of the check-ins are late, want %v", late, cfg.Late)
	}
	f.checkTogether(t)
	f.checkPitstoppi(t)
	f.checkPilotCosts(t)
}

// checkTogether: nobody is at two sessions at the same moment.
func (f *state) checkTogether(t *testing.T) {
	t.Helper()
	type moment struct {
		person string
		day    int
	}
	at := map[moment]string{}
	f.visits(func(e *event.Event, c *event.Checkin) {
		m := moment{c.PersonPseudonym, int(c.CheckedInAt.Unix() / 86400)}
		if other := at[m]; other != "" && other != c.SessionID {
			t.Errorf("%s is at %s and at %s", c.PersonPseudonym, other, c.SessionID)
		}
		at[m] = c.SessionID
	})
}

// checkPitstoppi: attendance is Binomial(8, 0.65), with a dip in summer.
func (f *state) checkPitstoppi(t *testing.T) {
	t.Helper()
	persons := map[string]map[string]bool{}
	f.visits(func(_ *event.Event, c *event.Checkin) {
		if persons[c.SessionID] == nil {
			persons[c.SessionID] = map[string]bool{}
		}
		persons[c.SessionID][c.PersonPseudonym] = true
	})
	const places, p = simulator.PitstoppiCapacity, simulator.PitstoppiAttendance
	var sums [2]struct{ n, x, xx float64 }
	for _, e := range f.sessions {
		c := e.Payload.(*event.Calendar)
		if c.Status != "held" || !strings.Contains(c.EventID, "-pitstoppi-") {
			continue
		}
		x := float64(len(persons[c.EventID]))
		if *c.CapacityMax != places || x > places {
			t.Fatalf("%s: %v of %d places taken", c.EventID, x, *c.CapacityMax)
		}
		sum := &sums[0]
		if month := c.Start.In(helsinki).Month(); month >= time.June && month <= time.August {
			sum = &sums[1]
		}
		sum.n, sum.x, sum.xx = sum.n+1, sum.x+x, sum.xx+x*x
	}
	for i, p := range []float64{p, p * simulator.SummerDip} {
		sum := sums[i]
		mean, variance := sum.x/sum.n, places*p*(1-p)
		if se := math.Sqrt(variance / sum.n); math.Abs(mean-places*p) > 4*se {
			t.Errorf("mean attendance %.3f of %v sessions, want %.3f ± %.3f", mean, sum.n, places*p, se)
		}
		if got := sum.xx/sum.n - mean*mean; math.Abs(got/variance-1) > 0.25 {
			t.Errorf("variance of attendance %.3f, want %.3f", got, variance)
		}
	}
}

// Municipalities have their real order of magnitude, and service areas add up. Reference data comes first.
func TestResidents(t *testing.T) {
	t.Parallel()
	s := newSimulator(t, simulator.Default(now))
	f := newState(s.Truth())
	described := map[string]bool{}
	for e, err := range s.All() {
		if err != nil {
			t.Fatal(err)
		}
		if a, ok := e.Payload.(*event.Area); ok {
			described[a.AreaID] = true
			for _, parent := range a.Parents {
				if !described[parent.Area] {
					t.Errorf("%s is described before its parent %s", a.AreaID, parent.Area)
				}
			}
		} else if p, ok := e.Payload.(*event.Population); !ok {
			break
		} else if !described[p.Area] {
			t.Fatalf("%s has residents, but no description", p.Area)
		}
		f.add(e)
	}
	for code, want := range map[string]float64{"KU305": 15_000, "KU208": 12_000, "KU398": 121_000, "KU853": 204_000} {
		if got := float64(f.population[populationKey{code, 2024}]); math.Abs(got/want-1) > 0.05 {
			t.Errorf("%s has %v residents, want about %v", code, got, want)
		}
	}
	sum := 0
	areas, _ := f.truth.Deprivation()
	for _, area := range areas {
		sum += f.population[populationKey{area, 2024}]
	}
	if total := f.population[populationKey{simulator.GapArea, 2024}]; sum == 0 || sum != total {
		t.Errorf("service areas have %d residents, their town %d", sum, total)
	}
}

// checkPilotCosts: each month of the pilot costs the same.
func (f *state) checkPilotCosts(t *testing.T) {
	t.Helper()
	months := map[time.Time]int64{}
	for _, e := range f.costs {
		c, ok := e.Payload.(*event.Cost)
		if ok && c.ProjectID == "hyvinvointikortti-"+simulator.PilotArea && c.Kind == "actual" {
			months[c.Period] += c.AmountCents
		}
	}
	if len(months) < 12 {
		t.Errorf("%d months of the pilot have costs", len(months))
	}
	for month, cents := range months {
		if math.Abs(float64(cents-simulator.PilotCents)) > 3 {
			t.Errorf("%s cost %d cents, want %d", month, cents, simulator.PilotCents)
		}
	}
}

func TestOfEachEvent(t *testing.T) {
	t.Parallel()
	sequence := map[string]int64{}
	for _, e := range smallHistory(t) {
		if !strings.HasPrefix(e.Source, "/demo/") {
			t.Fatalf("source %s", e.Source)
		}
		switch p := e.Payload.(type) {
		case *event.Calendar:
			if last, ok := sequence[p.EventID]; ok && p.Sequence <= last {
				t.Errorf("%s: sequence %d after %d", p.EventID, p.Sequence, last)
			}
			sequence[p.EventID] = p.Sequence
			if e.Extensions["pilotid"] == "" || !strings.HasSuffix(p.ProviderID, "(demo)") || p.Name["fi"] == "" {
				t.Errorf("%s: incomplete", e.Encode())
			}
		case *event.Cost:
			if strings.HasPrefix(p.ProjectID, "pitstoppi-") && p.AmountCents != simulator.PitstoppiCents {
				t.Errorf("%s: %d cents", p.EntryID, p.AmountCents)
			}
			if p.Kind == "actual" && (p.SessionID == "") == (p.AllocationKey == "") {
				t.Errorf("%s: neither direct nor allocated, or both", p.EntryID)
			}
		}
	}
}
