package survey

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
)

// waveFile is a wave's description, with the attributes of survey.wave.opened.v1.
type waveFile struct {
	WaveID       string `yaml:"wave_id"`
	Starts       string
	Ends         string
	InstrumentID string `yaml:"instrument_id"`
	Version      string
	Population   string
	Mode         string
	Languages    []string
	Strata       []struct {
		ID       string
		Area     string `yaml:"area_id"`
		AgeGroup string `yaml:"age_group"`
		Sex      string
		N        int `yaml:"N"`
		Sampled  int `yaml:"n_sampled"`
	}
}

// ReadWave reads the description of a wave from YAML and returns the event that opens it, or every fault. The same description
// makes the same event; it is as old as the wave's first day.
func ReadWave(text []byte, source string) (*event.Event, error) {
	var f waveFile
	if err := reference.Strict(text, &f); errors.Is(err, io.EOF) {
		return nil, errors.New("wave: it is empty")
	} else if err != nil {
		return nil, fmt.Errorf("wave: %w", err)
	}
	w := &event.Wave{
		WaveID: f.WaveID, InstrumentID: f.InstrumentID, Version: f.Version, Population: f.Population, Mode: f.Mode, Languages: f.Languages,
	}
	for _, s := range f.Strata {
		w.Strata = append(w.Strata, event.Stratum{ID: s.ID, Area: s.Area, AgeGroup: s.AgeGroup, Sex: s.Sex, N: s.N, Sampled: s.Sampled})
	}
	var faults []error
	day := func(name, text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			faults = append(faults, fmt.Errorf("wave: %s must be a day such as 2026-03-01", name))
		}
		return at
	}
	w.Starts, w.Ends = day("starts", f.Starts), day("ends", f.Ends)
	if len(faults) == 0 && w.Ends.Before(w.Starts) {
		faults = append(faults, errors.New("wave: ends lies before starts"))
	}
	at := w.Starts
	e, err := event.New(event.WaveOpened, source, event.NewID(string(event.WaveOpened), w.WaveID), at, "SSS", w.WaveID, w)
	var invalid *event.InvalidError
	if errors.As(err, &invalid) {
		for _, fault := range invalid.Faults {
			name := strings.ReplaceAll(strings.TrimPrefix(fault.Pointer, "/data/"), "/", ".")
			if name != "starts" && name != "ends" && name != "/subject" {
				faults = append(faults, fmt.Errorf("wave: %s %s", name, fault.Reason))
			}
		}
	} else if err != nil {
		faults = append(faults, err)
	}
	return e, errors.Join(faults...)
}
