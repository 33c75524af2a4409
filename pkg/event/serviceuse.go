package event

// ServiceUse is how often a group of an area used a service in a year or month: serviceuse.aggregate.v1. Service use of
// persons never enters.
type ServiceUse struct {
	Area        string // area_id
	AgeScheme   string
	AgeGroup    string
	Sex         string // "": both
	ServiceCode string
	Period      string // "2024" or "2024-03"
	Contacts    int
	Persons     *int
	Population  *int
	Suppressed  bool
}

func (p *ServiceUse) entity(*Event) []string {
	return []string{p.Area, p.AgeScheme, p.AgeGroup, p.Sex, p.ServiceCode, p.Period}
}

var serviceUseFields = []field[ServiceUse]{
	must(text("area_id", func(p *ServiceUse) *string { return &p.Area }, areaCode)),
	must(text("age_scheme", func(p *ServiceUse) *string { return &p.AgeScheme }, oneOf(ageSchemes))),
	must(text("age_group", func(p *ServiceUse) *string { return &p.AgeGroup }, ageGroup)),
	text("sex", func(p *ServiceUse) *string { return &p.Sex }, oneOf(sexes)),
	must(text("service_code", func(p *ServiceUse) *string { return &p.ServiceCode }, itemCode)),
	must(text("period", func(p *ServiceUse) *string { return &p.Period }, yearOrMonth)),
	must(number("contacts", func(p *ServiceUse) *int { return &p.Contacts }, 0, maxCounted)),
	maybeNumber("persons", func(p *ServiceUse) **int { return &p.Persons }, 0, maxCounted),
	maybeNumber("population", func(p *ServiceUse) **int { return &p.Population }, 0, maxCounted),
	must(flag("suppressed", func(p *ServiceUse) *bool { return &p.Suppressed })),
}

// suppressedIsEmpty notes figures beside suppressed: true, which would tell what was to be hidden.
func suppressedIsEmpty(r *reader, p *ServiceUse) {
	if !p.Suppressed {
		return
	}
	if p.Contacts != 0 {
		r.faultAt("contacts", "must be 0 where suppressed is true")
	}
	if p.Persons != nil {
		r.faultAt("persons", "must not be given where suppressed is true")
	}
}
