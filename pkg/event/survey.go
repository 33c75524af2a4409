package event

import (
	"math"
	"strconv"
	"time"
)

func (p *Wave) entity(*Event) []string { return []string{p.WaveID} }

var stratumFields = []field[Stratum]{
	must(text("id", func(p *Stratum) *string { return &p.ID }, code)),
	text("area_id", func(p *Stratum) *string { return &p.Area }, areaCode),
	text("age_group", func(p *Stratum) *string { return &p.AgeGroup }, ageGroup),
	text("sex", func(p *Stratum) *string { return &p.Sex }, oneOf(sexes)),
	must(number("N", func(p *Stratum) *int { return &p.N }, 0, 10_000_000)),
	must(number("n_sampled", func(p *Stratum) *int { return &p.Sampled }, 0, 10_000_000)),
}

var waveFields = []field[Wave]{
	must(text("wave_id", func(p *Wave) *string { return &p.WaveID }, code)),
	must(date("starts", func(p *Wave) *time.Time { return &p.Starts })),
	must(date("ends", func(p *Wave) *time.Time { return &p.Ends })),
	must(text("instrument_id", func(p *Wave) *string { return &p.InstrumentID }, code)),
	must(text("version", func(p *Wave) *string { return &p.Version }, code)),
	text("population", func(p *Wave) *string { return &p.Population }, prose),
	objects("strata", func(p *Wave) *[]Stratum { return &p.Strata }, 1000, stratumFields),
	text("mode", func(p *Wave) *string { return &p.Mode }, oneOf(surveyModes)),
	texts("languages", func(p *Wave) *[]string { return &p.Languages }, 20, language),
}

func (p *Response) entity(*Event) []string { return []string{p.WaveID, p.ResponseID} }

var responseFields = []field[Response]{
	must(text("response_id", func(p *Response) *string { return &p.ResponseID }, code)),
	must(text("wave_id", func(p *Response) *string { return &p.WaveID }, code)),
	must(text("instrument_id", func(p *Response) *string { return &p.InstrumentID }, code)),
	must(text("version", func(p *Response) *string { return &p.Version }, code)),
	must(instant("submitted_at", func(p *Response) *time.Time { return &p.SubmittedAt })),
	must(flag("complete", func(p *Response) *bool { return &p.Complete })),
	text("language", func(p *Response) *string { return &p.Language }, language),
	text("stratum_id", func(p *Response) *string { return &p.StratumID }, code),
	weight(),
	text("psu", func(p *Response) *string { return &p.PSU }, code),
	must(text("area_id", func(p *Response) *string { return &p.Area }, areaCode)),
	must(text("age_band", func(p *Response) *string { return &p.AgeBand }, ageGroup)),
	text("sex", func(p *Response) *string { return &p.Sex }, oneOf(sexes)),
	text("education", func(p *Response) *string { return &p.Education }, oneOf(educations)),
	texts("target_groups", func(p *Response) *[]string { return &p.TargetGroups }, len(targetGroups), oneOf(targetGroups)),
	text("partner_kind", func(p *Response) *string { return &p.PartnerKind }, oneOf(partnerKinds)),
	text("session_id", func(p *Response) *string { return &p.SessionID }, code),
	text("panel_pseudonym", func(p *Response) *string { return &p.PanelPseudonym }, pseudonym),
	must(items()),
}

// weight is a survey weight between a millionth and a million.
func weight() field[Response] {
	return field[Response]{
		name: "weight",
		read: func(r *reader, p *Response) {
			s, ok := r.number("must be a number")
			if !ok {
				return
			}
			neg, digits, exp := decimal(s)
			size := len(digits) + exp // 10^(size−1) ≤ |number| < 10^size
			if neg || digits == "" || size < -5 || size > 7 || size == 7 && digits != "1" {
				r.fault("must be between 0.000001 and 1000000")
				return
			}
			if v, err := strconv.ParseFloat(s, 64); err == nil {
				p.Weight = &v
			}
		},
		write: func(b []byte, p *Response) []byte {
			if p.Weight == nil {
				return b
			}
			if math.IsNaN(*p.Weight) || math.IsInf(*p.Weight, 0) {
				return append(b, "null"...)
			}
			return strconv.AppendFloat(b, *p.Weight, 'g', -1, 64)
		},
	}
}

const maxItems = 500

// items are the answers by item code.
func items() field[Response] {
	return field[Response]{
		name: "items",
		read: func(r *reader, p *Response) {
			p.Items, _ = readMap(r, maxItems, itemCode, func(r *reader) int {
				v, _ := r.integer(math.MinInt32, math.MaxInt32)
				return int(v)
			})
		},
		write: func(b []byte, p *Response) []byte {
			return writeMap(b, p.Items, func(b []byte, v int) []byte { return strconv.AppendInt(b, int64(v), 10) })
		},
	}
}
