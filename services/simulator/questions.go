package simulator

import (
	"strconv"

	"vointi.fi/pkg/event"
)

// question is an item beside those in which something is planted: from + step × Binomial(n, p), the same everywhere.
type question struct {
	code          string
	from, step, n int
	p             float64
}

var questions = func() []question {
	list := []question{
		{"CHOICE", 1, 1, 4, 0.7},
		{"CULTURE_HOBBY", 1, 1, 4, 0.4},
		{"LTPA", 1, 1, 2, 0.6},
		{"BRISK_MINUTES", 0, 30, 8, 0.5},
		{"VIGOROUS_MINUTES", 0, 15, 6, 0.3},
		{"MUSCLE_DAYS", 0, 1, 5, 0.35},
		{"SRH", 1, 1, 4, 0.35},
		{"LIFE_SATISFACTION", 0, 1, 10, 0.77},
		{"ASSOCIATION", 0, 1, 1, 0.3},
		{"VOLUNTEERED", 0, 1, 1, 0.4},
		{"SATISFIED_AREA", 1, 1, 4, 0.75},
		{"SATISFIED_RELATIONSHIPS", 1, 1, 4, 0.75},
		{"SERVICE_NEED", 1, 1, 2, 0.3},
	}
	for _, barrier := range []string{"DISTANCE", "COST", "TRANSPORT", "TIME", "HEALTH", "COMPANY", "INFORMATION"} {
		list = append(list, question{"BARRIER_" + barrier, 0, 1, 1, 0.07})
	}
	for i := range 10 {
		list = append(list, question{"ESIS" + strconv.Itoa(i+1), 1, 1, 4, 0.65})
	}
	return list
}()

// targetGroups are what respondents say of themselves, each with its share.
var targetGroups = []struct {
	code  string
	share float64
}{{"families", 0.25}, {"passive", 0.2}, {"risk", 0.06}, {"long_term_unemployed", 0.05}}

// ask draws the answers to these questions, and the target groups; from a source of its own, so that asking more changes
// nothing of the rest.
func (v *wave) ask(p *event.Response) {
	r := source(v.world.cfg.Seed, drawQuestion, word(p.ResponseID))
	for _, q := range questions {
		p.Items[q.code] = q.from + q.step*binomial(r, q.n, q.p)
	}
	for _, g := range targetGroups {
		if r.Float64() < g.share {
			p.TargetGroups = append(p.TargetGroups, g.code)
		}
	}
}
