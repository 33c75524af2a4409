package simulator

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"vointi.fi/pkg/event"
)

// The instrument of the demo's waves, and its items: EUROHIS1 … EUROHIS8 and LONELY, all 1 to 5.
const (
	instrument        = "demo-wellbeing"
	instrumentVersion = "1"
	responseRate      = 0.46
	adult             = 20
)

var eurohis = func() (codes [8]string) {
	for i := range codes {
		codes[i] = "EUROHIS" + strconv.Itoa(i+1)
	}
	return codes
}()

// wave is a yearly survey, in October: a stratified sample of the residents of 20 and over.
type wave struct {
	world        *world
	year         int
	opens, close int64
	strata       []stratum
	answers      []answer
}

type stratum struct {
	leaf        *leaf
	band, sex   int
	n, answered int
}

type answer struct {
	stratum int32
	at      int64
}

// bands are the strata by age, and within them the age bands that answers name; these can be added up to every published
// age scheme.
var bands = [3]struct {
	from, to int // to is exclusive
	name     string
	part     float64 // of the respondents
	named    []namedBand
}{
	{20, 55, "20-54", 0.4, []namedBand{{20, 29, "20-28"}, {29, 55, "29-54"}}},
	{55, 75, "55-74", 0.3, []namedBand{{55, 65, "55-64"}, {65, 75, "65-74"}}},
	{75, ages, "75+", 0.3, []namedBand{{75, ages, "75+"}}},
}

type namedBand struct {
	from, to int
	name     string
}

func (w *world) wave(year int) *wave {
	v := &wave{world: w, year: year}
	opens := time.Date(year, time.October, 1, 0, 0, 0, 0, helsinki)
	v.opens, v.close = opens.UnixMilli(), opens.AddDate(0, 1, 0).UnixMilli()
	r := source(w.cfg.Seed, drawWave, uint64(year))
	groups := map[string]int{}
	for _, l := range w.leaves {
		groups[l.town.group] += l.counts(year-1).between(adult, ages)
	}
	for _, l := range w.leaves {
		part := float64(l.counts(year-1).between(adult, ages)) / float64(max(1, groups[l.town.group]))
		v.sample(r, l, part*float64(w.cfg.Respondents))
	}
	return v
}

// sample takes so many respondents from a leaf; older people are asked more often than their share.
func (v *wave) sample(r *rand.Rand, l *leaf, respondents float64) {
	c := l.counts(v.year - 1)
	for i, band := range bands {
		both := max(1, c.between(band.from, band.to))
		for sex := range c {
			n := c.of(sex, band.from, band.to)
			part := band.part * float64(n) / float64(both)
			s := stratum{leaf: l, band: i, sex: sex, n: n, answered: min(n, max(2, int(math.Round(respondents*part))))}
			for range s.answered {
				at := v.opens + between(r, 8*60, (v.close-v.opens)/minute-1)*minute
				v.answers = append(v.answers, answer{int32(len(v.strata)), at})
			}
			v.strata = append(v.strata, s)
		}
	}
}

// between counts residents of ages from ≤ age < to.
func (c *counts) between(from, to int) int { return c.of(0, from, to) + c.of(1, from, to) }

// of is between for one sex.
func (c *counts) of(sex, from, to int) int {
	n := 0
	for _, count := range c[sex][from:to] {
		n += int(count)
	}
	return n
}

func (v *wave) actions(add func(action)) {
	add(action{v.opens, v, waveOpened, 0})
	for i := range v.answers {
		add(action{v.answers[i].at, v, waveAnswered, int32(i)})
	}
	add(action{v.close, v, waveClosed, 0})
}

func (v *wave) id() string { return fmt.Sprintf("demo-%d", v.year) }

func (v *wave) make(what what, index int) (*event.Event, error) {
	switch what {
	case waveOpened:
		return v.event(event.WaveOpened, v.opens)
	case waveClosed:
		return v.event(event.WaveClosed, v.close)
	}
	return v.response(index)
}

const surveySource = "/demo/survey"

func (v *wave) event(typ event.Type, at int64) (*event.Event, error) {
	p := &event.Wave{
		Closed: typ == event.WaveClosed, WaveID: v.id(),
		Starts: date(instantOf(v.opens)), Ends: date(instantOf(v.close)).AddDate(0, 0, -1),
		InstrumentID: instrument, Version: instrumentVersion, Population: "residents of 20 and over (synthetic)",
		Mode: "mixed", Languages: []string{"fi", "sv"},
	}
	for _, s := range v.strata {
		p.Strata = append(p.Strata, event.Stratum{
			ID: s.id(), Area: v.world.home(s.leaf), AgeGroup: bands[s.band].name, Sex: sexCodes[s.sex], N: s.n,
			Sampled: min(s.n, int(math.Round(float64(s.answered)/responseRate))),
		})
	}
	return event.Unchecked(typ, surveySource, event.NewID("wave", v.id(), string(typ)), instantOf(at), "SSS", v.id(), p)
}

func (s *stratum) id() string { return s.leaf.code + "/" + bands[s.band].name + "/" + sexCodes[s.sex] }

// Education of the residents, and how readily they answer.
var educations = [3]struct {
	code         string
	share, ready float64
	qol, lonely  float64 // lonely multiplies
}{
	{"low", 0.25, 0.8, qolLow, 1.24}, {"mid", 0.45, 1.0, qolMid, 1.0}, {"high", 0.30, 1.2, qolHigh, 0.8},
}

// educated draws the education of someone who answered, and the weight that makes up for readiness; its mean is 1.
func educated(r *rand.Rand) (education int, weight float64) {
	mean := 0.
	for _, e := range educations {
		mean += e.share * e.ready
	}
	last := len(educations) - 1
	for draw := r.Float64() * mean; education < last; education++ {
		if draw -= educations[education].share * educations[education].ready; draw < 0 {
			break
		}
	}
	return education, mean / educations[education].ready
}

func (v *wave) response(index int) (*event.Event, error) {
	a := v.answers[index]
	s := &v.strata[a.stratum]
	r := source(v.world.cfg.Seed, drawResponse, uint64(v.year), s.leaf.word, uint64(s.band), uint64(s.sex), uint64(index-v.firstOf(a.stratum)))
	age := s.age(r, v.year-1)
	education, weight := educated(r)
	weight = math.Round(weight*float64(s.n)/float64(s.answered)*1e4) / 1e4
	id := fmt.Sprintf("%s/%s/%d", v.id(), s.id(), index-v.firstOf(a.stratum)+1)
	p := &event.Response{
		ResponseID: id, WaveID: v.id(), InstrumentID: instrument, Version: instrumentVersion, SubmittedAt: instantOf(a.at),
		Complete: true, Language: [20]string{3: "sv"}[r.IntN(20)], StratumID: s.id(), Weight: &weight,
		Area: v.world.home(s.leaf), Sex: sexCodes[s.sex], Education: educations[education].code,
	}
	if p.Language == "" {
		p.Language = "fi"
	}
	for _, band := range bands[s.band].named {
		if age >= band.from && age < band.to {
			p.AgeBand = band.name
		}
	}
	v.answer(r, p, s.leaf, age, education)
	town := s.leaf.town.code
	return event.Unchecked(event.ResponseSubmitted, surveySource, event.NewID("response", id), instantOf(a.at), town, p.WaveID, p)
}

// firstOf returns the index of a stratum's first answer.
func (v *wave) firstOf(stratum int32) int {
	n := 0
	for _, s := range v.strata[:stratum] {
		n += s.answered
	}
	return n
}

// age draws the age of a resident of the stratum.
func (s *stratum) age(r *rand.Rand, year int) int {
	c, band := s.leaf.counts(year), bands[s.band]
	draw := r.IntN(max(1, s.n))
	for age := band.from; age < band.to; age++ {
		if draw -= int(c[s.sex][age]); draw < 0 {
			return age
		}
	}
	return band.from
}

// answer draws the items. The items of one person share a disposition, whose mean over persons is 0; given it, each is
// 1 + Binomial(4, (mean−1)/4), so that the planted mean is exact.
func (v *wave) answer(r *rand.Rand, p *event.Response, l *leaf, age, education int) {
	disposition := 1.2*r.Float64() - 0.6
	mean := v.qol(l, age) + educations[education].qol + disposition
	p.Items = make(map[string]int, 9+len(questions))
	for _, code := range eurohis {
		p.Items[code] = 1 + binomial(r, 4, (mean-1)/4)
	}
	lonely := l.town.lonely * educations[education].lonely * (1 - disposition)
	p.Items["LONELY"] = lonelyItem(r, lonely)
	v.ask(p)
	switch draw := r.Float64(); {
	case draw < 0.03:
		delete(p.Items, eurohis[r.IntN(len(eurohis))])
	case draw < 0.05:
		p.Complete = false
		for _, q := range questions {
			delete(p.Items, q.code)
		}
		for _, code := range eurohis[4:] {
			delete(p.Items, code)
		}
		delete(p.Items, "LONELY")
	}
}

// qol is the planted mean of the EUROHIS items, before education, which is 0 in the mean.
func (v *wave) qol(l *leaf, age int) float64 {
	mean := l.town.qol + 0.06*unit(mix(drawWave, uint64(v.year))) - 0.03
	switch {
	case age < 55:
		mean -= 0.04
	case age < 75:
		mean += 0.08
	default:
		mean -= 0.02
	}
	if l.town.code == PilotArea && v.opens >= v.world.cfg.Pilot.UnixMilli() {
		mean += QoLEffect
	}
	return mean
}

// lonelyItem is 4 (fairly often) or 5 (all the time) with probability p.
func lonelyItem(r *rand.Rand, p float64) int {
	draw, often := r.Float64(), r.Float64()
	switch {
	case draw < p && often < 0.65:
		return 4
	case draw < p:
		return 5
	case often < 0.4:
		return 1
	case often < 0.75:
		return 2
	}
	return 3
}
