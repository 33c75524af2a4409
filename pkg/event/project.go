package event

import "time"

// ProjectPhase is the phase that a project is in, where, and what it is compared with: project.phase.v1.
type ProjectPhase struct {
	ProjectID       string
	Phase           string
	Areas           []string // area_ids
	From, To        time.Time
	ComparisonAreas []string // comparison_area_ids
}

func (p *ProjectPhase) entity(*Event) []string { return []string{p.ProjectID} }

var projectFields = []field[ProjectPhase]{
	must(text("project_id", func(p *ProjectPhase) *string { return &p.ProjectID }, code)),
	text("phase", func(p *ProjectPhase) *string { return &p.Phase }, oneOf(phases)),
	some(texts("area_ids", projectAreas, maxAreas, areaCode), projectAreas),
	must(date("from", func(p *ProjectPhase) *time.Time { return &p.From })),
	date("to", func(p *ProjectPhase) *time.Time { return &p.To }),
	texts("comparison_area_ids", func(p *ProjectPhase) *[]string { return &p.ComparisonAreas }, maxAreas, areaCode),
}

func projectAreas(p *ProjectPhase) *[]string { return &p.Areas }
