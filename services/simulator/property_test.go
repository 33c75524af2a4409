package simulator_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"vointi.fi/pkg/event"
	"vointi.fi/services/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var codes = []string{
	"KU016", "KU081", "KU098", "KU111", "KU142", "KU208", "KU305", "KU316", "KU398", "KU560", "KU576", "KU781", "KU853",
}

// configs draws small worlds: on any day, of any municipalities, with any shares of what goes wrong.
func configs(t *rapid.T) simulator.Config {
	day := time.Date(2015, time.January, 1, 9, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 6000).Draw(t, "day"))
	share := rapid.SampledFrom([]float64{0, 0.01, 0.5})
	cfg := simulator.Small(day)
	cfg.Seed = rapid.Uint64().Draw(t, "seed")
	cfg.First = cfg.First.AddDate(0, 3*rapid.IntRange(4, 6).Draw(t, "quarters"), 0)
	cfg.Municipalities = rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 1, 2, rapid.ID).Draw(t, "municipalities")
	cfg.ServiceAreas = rapid.Bool().Draw(t, "service areas")
	cfg.Scale = rapid.SampledFrom([]float64{1e-6, 1e-4, 2e-3}).Draw(t, "scale")
	cfg.PopulationYears, cfg.Respondents = 1, rapid.IntRange(1, 50).Draw(t, "respondents")
	cfg.Late, cfg.Duplicates = share.Draw(t, "late"), share.Draw(t, "duplicates")
	cfg.Corrections, cfg.Voids = share.Draw(t, "corrections"), share.Draw(t, "voids")
	return cfg
}

// Of any world: its size is known in advance, every event is valid and synthetic, two events of one identity are equal,
// and what is amended has been or will be published under the same source.
func TestAnyWorld(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, err := simulator.New(configs(t))
		if err != nil {
			t.Fatal(err)
		}
		n, seen := 0, map[event.Identity]uint64{}
		for e, err := range s.All() {
			if err != nil {
				t.Fatal(err)
			}
			again, err := event.Decode(nil, e.Encode())
			if err != nil || again.Hash() != e.Hash() {
				t.Fatalf("%s: %v", e.Encode(), err)
			}
			if before, known := seen[e.Identity()]; known && before != e.Hash() {
				t.Fatalf("%s: two payloads of one identity", e.Encode())
			}
			if ref := e.Original(); ref != nil && ref.Source != e.Source {
				t.Fatalf("%s: amends an event of %s", e.Encode(), ref.Source)
			}
			seen[e.Identity()] = e.Hash()
			n++
		}
		if count := s.Count(); n != count {
			t.Fatalf("%d events, counted %d", n, count)
		}
	})
}
