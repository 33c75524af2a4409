package event

import (
	"math"
	"strconv"
	"time"
)

func (p *Target) entity(*Event) []string { return []string{p.TargetID} }

var targetFields = []field[Target]{
	must(text("target_id", func(p *Target) *string { return &p.TargetID }, code)),
	must(text("indicator", func(p *Target) *string { return &p.Indicator }, code)),
	must(text("area_id", func(p *Target) *string { return &p.Area }, areaCode)),
	text("age_scheme", func(p *Target) *string { return &p.AgeScheme }, oneOf(ageSchemes)),
	text("age_group", func(p *Target) *string { return &p.AgeGroup }, ageGroup),
	must(number("year", func(p *Target) *int { return &p.Year }, 1900, 2199)),
	month("starts", func(p *Target) *time.Time { return &p.Starts }),
	must(targetValue()),
	text("source", func(p *Target) *string { return &p.Source }, label),
	instant("set_at", func(p *Target) *time.Time { return &p.SetAt }),
}

// targetValue is any number up to 10¹² in size.
func targetValue() field[Target] {
	return field[Target]{
		name: "value",
		read: func(r *reader, p *Target) {
			s, ok := r.number("must be a number")
			if !ok {
				return
			}
			_, digits, exp := decimal(s)
			if size := len(digits) + exp; digits != "" && (size > 13 || size == 13 && digits != "1") {
				r.fault("must be between -1000000000000 and 1000000000000")
				return
			}
			if v, err := strconv.ParseFloat(s, 64); err == nil {
				p.Value = v + 0 // no negative zero
			}
		},
		write: func(b []byte, p *Target) []byte {
			if math.IsNaN(p.Value) || math.IsInf(p.Value, 0) {
				return append(b, "null"...)
			}
			return strconv.AppendFloat(b, p.Value+0, 'g', -1, 64)
		},
	}
}

// groupsAgree notes an age group without the scheme that explains it, and the reverse.
func groupsAgree(r *reader, p *Target) {
	switch {
	case p.AgeGroup != "" && p.AgeScheme == "":
		r.faultAt("age_scheme", "is required beside age_group")
	case p.AgeScheme != "" && p.AgeGroup == "":
		r.faultAt("age_group", "is required beside age_scheme")
	}
}
