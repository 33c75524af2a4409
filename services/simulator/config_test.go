package simulator_test

import (
	"strings"
	"testing"
	"time"

	"vointi.fi/services/simulator"
)

func TestDefaultsAreValid(t *testing.T) {
	t.Parallel()
	day := time.Date(2024, time.January, 1, 0, 30, 0, 0, time.UTC)
	for range 500 {
		for _, cfg := range []simulator.Config{simulator.Default(day), simulator.Small(day)} {
			if err := cfg.Validate(); err != nil {
				t.Fatalf("on %s: %v", day, err)
			}
			if !cfg.First.Before(cfg.Pilot) || !cfg.Pilot.Before(cfg.Last) || !cfg.Last.Before(day) {
				t.Fatalf("on %s: first %s, pilot %s, last %s", day, cfg.First, cfg.Pilot, cfg.Last)
			}
		}
		day = day.Add(37 * time.Hour)
	}
}

func TestValidateTellsAllFaults(t *testing.T) {
	t.Parallel()
	cfg := simulator.Default(now)
	cfg.First = cfg.First.AddDate(0, 0, 1)
	cfg.Pilot = cfg.Pilot.AddDate(0, 1, 0)
	cfg.Last = cfg.Last.Add(time.Hour)
	cfg.Municipalities = []string{"KU305", "KU305", "KU999"}
	cfg.Scale, cfg.PopulationYears, cfg.Respondents, cfg.Late = 0, 0, 0, 2
	err := cfg.Validate()
	if err == nil {
		t.Fatal("valid")
	}
	for _, fault := range []string{
		"first", "pilot", "last", "KU305: given twice", "KU999: unknown", "scale", "population years", "respondents", "late",
	} {
		if !strings.Contains(err.Error(), fault) {
			t.Errorf("%q does not tell of %s", err, fault)
		}
	}
	if _, err := simulator.New(cfg); err == nil {
		t.Error("New takes a config that is not valid")
	}
}
