package survey

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/mapping"
)

// submitted returns when the questionnaire was sent, or else last saved, and whether it is complete.
func (r *reading) submitted() (at time.Time, complete bool) {
	sent, given := r.Instant(r.Submitted)
	complete = given
	if r.Complete != nil {
		switch text := r.Text(r.Complete); text {
		case "true", "false", "1", "0":
			complete = text == "true" || text == "1"
		default:
			r.Fault(r.Complete.Column, "must be true or false")
		}
	}
	if !given {
		sent, given = r.Instant(r.Saved)
	}
	// LimeSurvey writes the first day of 1980 where a survey keeps no times.
	if undated := given && r.lime && sent.Year() == 1980; !given || undated {
		if r.wave.Starts.IsZero() {
			r.Fault(r.Submitted.Column, "tells no time, and neither does anything else; describe the wave with --wave, whose first day then stands for it")
		}
		sent = time.Date(r.wave.Starts.Year(), r.wave.Starts.Month(), r.wave.Starts.Day(), 12, 0, 0, 0, time.UTC)
	}
	return sent.UTC(), complete
}

// oldest is more than the age of anybody.
const oldest = 125

// ageBand is the elementary band of the respondent's age, which tells no more of it than figures need.
func (r *reading) ageBand(at time.Time) string {
	r.age = -1
	switch {
	case r.Age != nil:
		r.age = r.years(r.Age, 0, oldest)
	case r.BirthYear != nil:
		latest := at.Year()
		if latest < 1900 { // not known, which is told already
			latest = 2199
		}
		if year := r.years(r.BirthYear, latest-oldest, latest); year >= 0 {
			r.age = at.Year() - year
		}
	default:
		return r.givenBand()
	}
	return r.ages.Bands[r.ages.BandOf(r.age)]
}

// givenBand is an age group of the file's, as its elementary band if it lies in one.
func (r *reading) givenBand() string {
	text := strings.NewReplacer("–", "-", " ", "").Replace(r.Text(r.AgeBand))
	from, to, ok := ageLimits(text)
	switch {
	case text == "" || text == unknownAge:
		return unknownAge
	case !ok:
		r.Fault(r.AgeBand.Column, "must be an age group such as 30-34 or 75+, or unknown")
		return ""
	case r.ages.BandOf(from) != r.ages.BandOf(to):
		return unknownAge
	}
	r.age = from
	return r.ages.Bands[r.ages.BandOf(from)]
}

// ageLimits returns the first and last age of 34, 30-34 or 75+.
func ageLimits(text string) (from, to int, ok bool) {
	low, high, band := strings.Cut(text, "-")
	if open, is := strings.CutSuffix(text, "+"); is {
		low, high, band = open, strconv.Itoa(oldest), true
	}
	from, err := strconv.Atoi(low)
	if to = from; err == nil && band {
		to, err = strconv.Atoi(high)
	}
	return from, to, err == nil && 0 <= from && from <= to && to <= oldest
}

// years is a whole number of years between limits; −1 if there is none.
func (r *reading) years(c *mapping.Column, from, to int) int {
	text, given := r.Cell(c)
	if !given {
		return -1
	}
	n, ok := mapping.Whole(text)
	if !ok || n < from || n > to {
		r.Fault(c.Column, "must be a whole number from %d to %d", from, to)
		return -1
	}
	return n
}

// weight reads a weight, whose decimals may follow a comma.
func (r *reading) weight() *float64 {
	text, given := r.Cell(r.Weight)
	if !given {
		return nil
	}
	w, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil {
		r.Fault(r.Weight.Column, "must be a number")
		return nil
	}
	return &w
}

// answers are the items that were answered.
func (r *reading) answers() map[string]int {
	answers := make(map[string]int, len(r.items))
	for _, i := range r.items {
		text, given := r.Cell(i.column)
		if !given {
			continue
		}
		if r.lime && i.column.Values == nil {
			text = limeAnswer(text)
		}
		n, ok := mapping.Whole(text)
		switch {
		case !ok:
			r.Fault(i.header, "holds text; free text never enters: say in the mapping which number each answer is, or leave the column out")
		case !i.item.Allows(n):
			r.Fault(i.header, "must be from %d to %d, as %s is", i.item.From, i.item.To, i.item.Code)
		default:
			answers[i.item.Code] = n
		}
	}
	return answers
}

// stratum finds the stratum that the respondent was drawn from, where the wave has any: that which the file names, or the only
// one whose area, ages and sex are the respondent's.
func (r *reading) stratum(p *event.Response) {
	if len(r.wave.Strata) == 0 {
		return
	}
	if r.Stratum != nil {
		if !slices.ContainsFunc(r.wave.Strata, func(s event.Stratum) bool { return s.ID == p.StratumID }) {
			r.Fault(r.Stratum.Column, "is no stratum of wave %s", p.WaveID)
		}
		return
	}
	var of []string
	for _, s := range r.wave.Strata {
		if r.drawnFrom(s, p) {
			of = append(of, s.ID)
		}
	}
	if len(of) != 1 {
		r.Fault("", "its area, age and sex fit %d strata of wave %s; map stratum", len(of), p.WaveID)
		return
	}
	p.StratumID = of[0]
}

func (r *reading) drawnFrom(s event.Stratum, p *event.Response) bool {
	if s.Area != "" && s.Area != p.Area && s.Area != event.MunicipalityOf(p.Area) || s.Sex != "" && s.Sex != p.Sex {
		return false
	}
	from, to, ok := ageLimits(s.AgeGroup)
	return s.AgeGroup == "" || ok && r.age >= from && r.age <= to
}

// columnOf is the column that an attribute of the event comes from.
func (r *reading) columnOf(pointer string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/data/"), "/")
	if code, ok := strings.CutPrefix(pointer, "/data/items/"); ok {
		for _, i := range r.items {
			if i.item.Code == code {
				return i.header
			}
		}
	}
	for _, f := range r.fields() {
		if f.attribute == name && f.column.Column != "" {
			return f.column.Column
		}
	}
	return name
}
