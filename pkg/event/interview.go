package event

import "time"

// Interview tells that n people were interviewed and which themes came up, never what they said: interview.recorded.v1.
type Interview struct {
	InterviewID string
	Area        string // area_id
	At          time.Time
	Respondents string // respondents_kind
	Themes      []string
	N           int
}

func (p *Interview) entity(*Event) []string { return []string{p.InterviewID} }

var interviewFields = []field[Interview]{
	must(text("interview_id", func(p *Interview) *string { return &p.InterviewID }, code)),
	must(text("area_id", func(p *Interview) *string { return &p.Area }, areaCode)),
	must(instant("at", func(p *Interview) *time.Time { return &p.At })),
	must(text("respondents_kind", func(p *Interview) *string { return &p.Respondents }, oneOf(respondents))),
	some(texts("theme_codes", interviewThemes, maxThemes, itemCode), interviewThemes),
	must(number("n", func(p *Interview) *int { return &p.N }, 1, maxPeople)),
}

func interviewThemes(p *Interview) *[]string { return &p.Themes }
