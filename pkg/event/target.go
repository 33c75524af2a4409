package event

import "time"

func (p *Target) entity(*Event) []string { return []string{p.TargetID} }

var targetFields = []field[Target]{
	must(text("target_id", func(p *Target) *string { return &p.TargetID }, code)),
	must(text("indicator", func(p *Target) *string { return &p.Indicator }, code)),
	must(text("area_id", func(p *Target) *string { return &p.Area }, areaCode)),
	text("age_scheme", func(p *Target) *string { return &p.AgeScheme }, oneOf(ageSchemes)),
	text("age_group", func(p *Target) *string { return &p.AgeGroup }, ageGroup),
	must(number("year", func(p *Target) *int { return &p.Year }, 1900, 2199)),
	month("starts", func(p *Target) *time.Time { return &p.Starts }),
	must(quantity("value", func(p *Target) *float64 { return &p.Value })),
	text("source", func(p *Target) *string { return &p.Source }, label),
	instant("set_at", func(p *Target) *time.Time { return &p.SetAt }),
	instant("retrieved_at", func(p *Target) *time.Time { return &p.RetrievedAt }),
	text("licence", func(p *Target) *string { return &p.Licence }, label),
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
