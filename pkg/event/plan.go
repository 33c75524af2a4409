package event

// Priority is a priority of a welfare plan, for one age group and council term: plan.priority.v1.
type Priority struct {
	PriorityID  string
	Area        string // area_id
	CouncilTerm string // "2021-2025"
	AgeGroup    string // of report5, or all
	Theme       string
	Goal        string
	Indicators  []string // indicator_ids
}

func (p *Priority) entity(*Event) []string { return []string{p.PriorityID} }

var priorityFields = []field[Priority]{
	must(text("priority_id", func(p *Priority) *string { return &p.PriorityID }, code)),
	must(text("area_id", func(p *Priority) *string { return &p.Area }, areaCode)),
	must(text("council_term", func(p *Priority) *string { return &p.CouncilTerm }, councilTerm)),
	must(text("age_group", func(p *Priority) *string { return &p.AgeGroup }, oneOf(planAgeGroups))),
	must(text("theme", func(p *Priority) *string { return &p.Theme }, itemCode)),
	text("goal", func(p *Priority) *string { return &p.Goal }, oneOf(goals)),
	texts("indicator_ids", func(p *Priority) *[]string { return &p.Indicators }, 100, code),
}
