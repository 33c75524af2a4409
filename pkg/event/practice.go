package event

// Practice describes a good practice by a matrix, client, service and society × problem, solution and results:
// practice.described.v1.
type Practice struct {
	PracticeID string
	Name       map[string]string
	Cells      *PracticeMatrix
	Indicators []string // indicator_ids
	Estimates  []string // estimate_ids
	Links      []PracticeLink
}

// PracticeLink says which indicator or estimate stands behind a cell of the matrix.
type PracticeLink struct {
	Row, Column string
	Kind        string // indicator or estimate
	ID          string
}

// PracticeMatrix is what a practice means for whom; nil is not told.
type PracticeMatrix struct {
	Client, Service, Society *PracticeRow
}

// PracticeRow is one row of the matrix: texts by language.
type PracticeRow struct {
	Problem, Solution, Results map[string]string
}

func (p *Practice) entity(*Event) []string { return []string{p.PracticeID} }

var practiceFields = []field[Practice]{
	must(text("practice_id", func(p *Practice) *string { return &p.PracticeID }, code)),
	names("name", func(p *Practice) *map[string]string { return &p.Name }),
	object("cells", func(p *Practice) **PracticeMatrix { return &p.Cells }, matrixFields),
	texts("indicator_ids", func(p *Practice) *[]string { return &p.Indicators }, 100, code),
	texts("estimate_ids", func(p *Practice) *[]string { return &p.Estimates }, 100, code),
	objects("links", func(p *Practice) *[]PracticeLink { return &p.Links }, 100, practiceLinkFields),
}

var practiceLinkFields = []field[PracticeLink]{
	must(text("row", func(p *PracticeLink) *string { return &p.Row }, oneOf(practiceRows))),
	must(text("column", func(p *PracticeLink) *string { return &p.Column }, oneOf(practiceColumns))),
	must(text("kind", func(p *PracticeLink) *string { return &p.Kind }, oneOf(practiceLinkKinds))),
	must(text("id", func(p *PracticeLink) *string { return &p.ID }, code)),
}

var matrixFields = []field[PracticeMatrix]{
	object("client", func(p *PracticeMatrix) **PracticeRow { return &p.Client }, practiceRowFields),
	object("service", func(p *PracticeMatrix) **PracticeRow { return &p.Service }, practiceRowFields),
	object("society", func(p *PracticeMatrix) **PracticeRow { return &p.Society }, practiceRowFields),
}

var practiceRowFields = []field[PracticeRow]{
	inLanguages("problem", func(p *PracticeRow) *map[string]string { return &p.Problem }, prose),
	inLanguages("solution", func(p *PracticeRow) *map[string]string { return &p.Solution }, prose),
	inLanguages("results", func(p *PracticeRow) *map[string]string { return &p.Results }, prose),
}
