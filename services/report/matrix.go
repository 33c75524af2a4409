package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"vointi.fi/pkg/wording"
)

// matrix is the table of goals by age group, ready to be written.
type matrix struct {
	Groups []group
	Goals  []goal
}

type group struct{ ID, Label, Name string }

type goal struct {
	Code, Name string
	Rows       []matrixRow // none: the goal has no metric yet
}

type matrixRow struct {
	ID, Name, Unit string
	HasTrend       bool // the page shows it, so the name may link there
	Cells          []cellView
}

// cellView is a cell in words. Class is its style; what the style says, the reading says as well.
type cellView struct {
	Group    string // label of its age group, for narrow screens
	Class    string // figure, better, worse, protected, missing, inapplicable
	Text     string // the word that stands instead of a figure
	Value    string
	Interval string
	N        string
	Reading  *reading // beside the period before; nil: there is none
	Target   *reading // beside its target
	Note     string   // of which survey, running, provisional
}

// matrixOf lays out the cells of a year. cells holds at most one per indicator and group.
func matrixOf(l Language, catalogue []Indicator, cells []Cell, beside comparisons, scheme string, year int) matrix {
	views := map[[2]string]func(Indicator) cellView{}
	for _, c := range cells {
		if current(c, year) {
			views[[2]string{c.Indicator, c.AgeGroup}] = func(i Indicator) cellView { return viewOf(l, i, c, beside) }
		}
	}
	m := matrix{Groups: groupsOf(l, cells, scheme)}
	for i, name := range wording.Goals {
		g := goal{Code: "G" + strconv.Itoa(i+1), Name: Text(name).In(l)}
		for _, indicator := range catalogue {
			if slices.Contains(indicator.Goals, g.Code) {
				g.Rows = append(g.Rows, rowOf(l, indicator, m.Groups, views))
			}
		}
		m.Goals = append(m.Goals, g)
	}
	return m
}

// link marks the rows whose trend is on the page.
func (m *matrix) link(trends []trend) {
	shown := map[string]bool{}
	for _, t := range trends {
		shown[t.ID] = true
	}
	for _, g := range m.Goals {
		for i := range g.Rows {
			g.Rows[i].HasTrend = shown[g.Rows[i].ID]
		}
	}
}

func rowOf(l Language, i Indicator, groups []group, views map[[2]string]func(Indicator) cellView) matrixRow {
	row := matrixRow{ID: i.ID, Name: i.Name.In(l), Unit: unitNames[i.Unit].In(l)}
	for _, g := range groups {
		v := absent(l, i, g)
		if view := views[[2]string{i.ID, g.ID}]; view != nil {
			v = view(i)
		}
		switch {
		case v.Class != "missing" || len(i.Awaits) == 0:
		case slices.Contains(i.Awaits, "vointi.estimates"):
			v.Note = textsOf[l].ByProgramme
		default:
			v.Note = textsOf[l].NotCollected
		}
		v.Group = g.Label
		row.Cells = append(row.Cells, v)
	}
	return row
}

// current says whether a cell stands for the year: its own, or of a survey wave, however old.
func current(c Cell, year int) bool { return c.PeriodType == "wave" || c.Start.Year() == year }

// absent is a cell that the read model does not hold.
func absent(l Language, i Indicator, g group) cellView {
	t := textsOf[l]
	if g.ID != "all" && !i.byAge() || g.ID == "unknown" { // what counts residents knows their age
		return cellView{Class: "inapplicable", Text: t.NotApplicable}
	}
	return cellView{Class: "missing", Text: t.NoData}
}

// viewOf puts a cell into words, beside the period before it and its target.
func viewOf(l Language, i Indicator, c Cell, beside comparisons) cellView {
	t := textsOf[l]
	if text, class := instead(t, c); text != "" {
		return cellView{Class: class, Text: text, Note: note(l, c)}
	}
	v := cellView{Class: "figure", Value: l.amount(*c.Value, i.Unit, i.Decimals), Note: note(l, c), Interval: t.NoInterval}
	if c.hasInterval() {
		v.Interval = l.interval(c, i.Unit, i.Decimals)
	}
	if n := l.count(c, i.Unit); n != "" {
		v.N = "n" + hardSpace + n
	}
	if k, ok := beside.find(c, withPrevious); ok {
		v.Reading = l.read(i, k)
		v.Class = cmp.Or(v.Reading.Class, v.Class)
	} else if c.running() { // also where there is nothing to hold it against
		v.Reading = l.read(i, Comparison{Comparator: withPrevious, Reason: "period_not_over"})
	}
	if k, ok := beside.find(c, withTarget); ok && k.Verdict != "" {
		v.Target = l.read(i, k)
	}
	return v
}

// instead is the word for a cell that holds no figure, and its class.
func instead(t *texts, c Cell) (text, class string) {
	switch c.kind() {
	case isProtected:
		return t.Protected, "protected"
	case isInapplicable:
		return t.NotApplicable, "inapplicable"
	case isMissing:
		return t.NoData, "missing"
	default:
		return "", ""
	}
}

// note says what a reader must know of the figure: of which survey it is, or that it may still change.
func note(l Language, c Cell) string {
	var parts []string
	if c.PeriodType == "wave" {
		parts = append(parts, l.period(c))
	}
	if c.Status == "provisional" {
		parts = append(parts, textsOf[l].Provisional)
	}
	switch {
	case c.short():
		parts = append(parts, flagged(l, []string{flagShortHistory})...)
	case slices.Contains(c.Flags, flagDataGap):
		parts = append(parts, flagged(l, []string{flagDataGap})...)
	case c.Partial:
		parts = append(parts, textsOf[l].Partial)
	}
	return strings.Join(parts, ", ")
}

// groupsOf lists the age groups that occur: the total first, then by age, unknown last.
func groupsOf(l Language, cells []Cell, scheme string) []group {
	seen := map[string]bool{"all": true}
	for _, c := range cells {
		seen[c.AgeGroup] = true
	}
	out := make([]group, 0, len(seen))
	for id := range seen {
		out = append(out, group{ID: id, Label: groupLabel(l, id), Name: groupNames[scheme][id].In(l)})
	}
	slices.SortFunc(out, func(a, b group) int {
		return cmp.Or(cmp.Compare(ageRank(a.ID), ageRank(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func groupLabel(l Language, id string) string {
	switch id {
	case "all":
		return textsOf[l].All
	case "unknown":
		return textsOf[l].AgeUnknown
	default:
		return strings.Replace(id, "-", "–", 1)
	}
}

// ageRank is the lowest age of a group; the total comes before all, unknown after all.
func ageRank(id string) int {
	switch id {
	case "all":
		return -1
	case "unknown":
		return 1000
	}
	digits := strings.TrimRight(strings.SplitN(id, "-", 2)[0], "+")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 999
	}
	return n
}
