package event

import "time"

func (p *Period) entity(*Event) []string {
	return []string{p.PeriodType, p.PeriodStart.Format(time.DateOnly), p.Scope}
}

var periodFields = []field[Period]{
	must(text("period_type", func(p *Period) *string { return &p.PeriodType }, oneOf(periodTypes))),
	must(date("period_start", func(p *Period) *time.Time { return &p.PeriodStart })),
	text("scope", func(p *Period) *string { return &p.Scope }, code),
}

// periodStartsRight notes a start on which no period of the type begins.
func periodStartsRight(r *reader, p *Period) {
	if p.PeriodStart.IsZero() {
		return
	}
	_, month, day := p.PeriodStart.Date()
	wrong := ""
	switch p.PeriodType {
	case "week":
		if p.PeriodStart.Weekday() != time.Monday {
			wrong = "must be a Monday"
		}
	case "month", "rolling_12m":
		if day != 1 {
			wrong = "must be the first day of a month"
		}
	case "quarter":
		if day != 1 || month%3 != 1 {
			wrong = "must be the first day of a quarter"
		}
	case "year":
		if day != 1 || month != time.January {
			wrong = "must be the first day of a year"
		}
	}
	if wrong != "" {
		r.faultAt("period_start", wrong)
	}
}
