package ingester

import (
	"time"

	"vointi.fi/pkg/event"
)

// waveRows is facts_wave; the scope is the wave.
type waveRows struct {
	facts
	kind          *values[int8]
	starts        *values[time.Time]
	ends          *values[time.Time]
	instrument    *values[string]
	version       *values[string]
	population    *values[string]
	strataID      *values[[]string]
	strataArea    *values[[]string]
	strataAge     *values[[]string]
	strataSex     *values[[]string]
	strataN       *values[[]uint32]
	strataSampled *values[[]uint32]
	mode          *values[string]
	languages     *values[[]string]
}

func newWaveRows() *waveRows {
	r := &waveRows{facts: newFacts("wave")}
	t := &r.facts.table
	r.kind = column[int8](t, "kind")
	r.starts = column[time.Time](t, "starts")
	r.ends = column[time.Time](t, "ends")
	r.instrument = column[string](t, "instrument")
	r.version = column[string](t, "version")
	r.population = column[string](t, "population")
	r.strataID = column[[]string](t, "strata.id")
	r.strataArea = column[[]string](t, "strata.area")
	r.strataAge = column[[]string](t, "strata.age_group")
	r.strataN = column[[]uint32](t, "strata.n")
	r.strataSampled = column[[]uint32](t, "strata.sampled")
	r.strataSex = column[[]string](t, "strata_sex")
	r.mode = column[string](t, "mode")
	r.languages = column[[]string](t, "languages")
	return r
}

func (r *waveRows) table() *facts { return &r.facts }

func (r *waveRows) add(e *event.Event) string {
	p := e.Payload.(*event.Wave)
	f := &r.facts
	var kind int8
	if p.Closed {
		kind = 1
	}
	r.kind.add(kind)
	r.starts.add(f.instant("starts", p.Starts))
	r.ends.add(f.instant("ends", p.Ends))
	r.instrument.add(p.InstrumentID)
	r.version.add(p.Version)
	r.population.add(p.Population)
	r.strataID.add(each(p.Strata, func(s event.Stratum) string { return s.ID }))
	r.strataArea.add(each(p.Strata, func(s event.Stratum) string { return s.Area }))
	r.strataAge.add(each(p.Strata, func(s event.Stratum) string { return s.AgeGroup }))
	r.strataN.add(each(p.Strata, func(s event.Stratum) uint32 { return narrow[uint32](f, "strata N", s.N) }))
	r.strataSampled.add(each(p.Strata, func(s event.Stratum) uint32 { return narrow[uint32](f, "strata n_sampled", s.Sampled) }))
	r.strataSex.add(each(p.Strata, func(s event.Stratum) string { return s.Sex }))
	r.mode.add(p.Mode)
	r.languages.add(p.Languages)
	return p.WaveID
}

// responseRows is facts_response; the scope is the wave, and (scope, response) the entity.
type responseRows struct {
	facts
	response     *values[string]
	instrument   *values[string]
	version      *values[string]
	submittedAt  *values[time.Time]
	complete     *values[bool]
	language     *values[string]
	stratum      *values[string]
	weight       *values[*float64]
	psu          *values[string]
	homeArea     *values[string]
	ageBand      *values[string]
	sex          *values[string]
	education    *values[string]
	targetGroups *values[[]string]
	partnerKind  *values[string]
	session      *values[string]
	panel        *values[string]
	items        *values[sorted[int32]]
}

func newResponseRows() *responseRows {
	r := &responseRows{facts: newFacts("response")}
	t := &r.facts.table
	r.response = column[string](t, "response")
	r.instrument = column[string](t, "instrument")
	r.version = column[string](t, "version")
	r.submittedAt = column[time.Time](t, "submitted_at")
	r.complete = column[bool](t, "complete")
	r.language = column[string](t, "language")
	r.stratum = column[string](t, "stratum")
	r.weight = column[*float64](t, "weight")
	r.psu = column[string](t, "psu")
	r.homeArea = column[string](t, "home_area")
	r.ageBand = column[string](t, "age_band")
	r.sex = column[string](t, "sex")
	r.education = column[string](t, "education")
	r.targetGroups = column[[]string](t, "target_groups")
	r.partnerKind = column[string](t, "partner_kind")
	r.session = column[string](t, "session")
	r.panel = column[string](t, "panel")
	r.items = column[sorted[int32]](t, "items")
	return r
}

func (r *responseRows) table() *facts { return &r.facts }

func (r *responseRows) add(e *event.Event) string {
	p := e.Payload.(*event.Response)
	f := &r.facts
	items := make(sorted[int32], len(p.Items))
	for code, answer := range p.Items {
		items[code] = narrow[int32](f, "items", answer)
	}
	r.response.add(p.ResponseID)
	r.instrument.add(p.InstrumentID)
	r.version.add(p.Version)
	r.submittedAt.add(f.instant("submitted_at", p.SubmittedAt))
	r.complete.add(p.Complete)
	r.language.add(p.Language)
	r.stratum.add(p.StratumID)
	r.weight.add(p.Weight)
	r.psu.add(p.PSU)
	r.homeArea.add(p.Area)
	r.ageBand.add(p.AgeBand)
	r.sex.add(p.Sex)
	r.education.add(p.Education)
	r.targetGroups.add(p.TargetGroups)
	r.partnerKind.add(p.PartnerKind)
	r.session.add(p.SessionID)
	r.panel.add(p.PanelPseudonym)
	r.items.add(items)
	return p.WaveID
}
