package survey

import (
	"regexp"
	"slices"
	"strings"

	"vointi.fi/pkg/mapping"
)

// isLimeSurvey reports whether the header is that of LimeSurvey's CSV export with question codes.
func isLimeSurvey(header []string) bool {
	return slices.Contains(header, "id") && slices.Contains(header, "submitdate") && slices.Contains(header, "lastpage")
}

// limeBackground are the question codes that need no mapping, by what they tell.
func limeBackground(m *Mapping) map[string]**mapping.Column {
	return map[string]**mapping.Column{
		"id": &m.ID, "submitdate": &m.Submitted, "datestamp": &m.Saved, "startlanguage": &m.Language,
		"AREA": &m.Area, "SEX": &m.Sex, "EDUCATION": &m.Education, "WEIGHT": &m.Weight, "STRATUM": &m.Stratum, "PSU": &m.PSU,
		"SESSION": &m.Session,
	}
}

// limeSurvey fills what the mapping leaves open from what LimeSurvey's own columns and the codes of questions say.
func (x *Import) limeSurvey(header []string) *Mapping {
	m := *x.mapping
	m.Items = map[string]*mapping.Column{}
	for h, c := range x.mapping.Items {
		m.Items[h] = c
	}
	m.Missing = append([]string{"N/A", "-oth-"}, m.Missing...)
	background := limeBackground(&m)
	noAge := m.Age == nil && m.BirthYear == nil && m.AgeBand == nil
	if noAge {
		background["AGE"], background["BIRTHYEAR"], background["AGEBAND"] = &m.Age, &m.BirthYear, &m.AgeBand
	}
	mapped := map[string]bool{}
	for _, c := range m.Items {
		if c != nil {
			mapped[c.Item], mapped[c.Column] = true, true
		}
	}
	for _, h := range header {
		if into := background[h]; into != nil && *into == nil {
			*into = &mapping.Column{Column: h}
		}
		if code := limeItem(h, x.known(&m)); code != "" && m.Items[h] == nil && !mapped[code] {
			m.Items[h] = &mapping.Column{Item: code}
			mapped[code] = true
		}
	}
	return &m
}

// known reports whether a code is an item's.
func (x *Import) known(m *Mapping) func(string) bool {
	return func(code string) bool { return x.item(&bound{Mapping: m}, code) != nil }
}

var subQuestion = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_]*)\[([A-Za-z0-9_]+)\]$`)

// limeItem returns the item that a question's code names, or "": SRH is itself, EUROHIS[SQ001] is EUROHIS1 and
// BARRIER[COST] is BARRIER_COST. The text of an option "other" is none.
func limeItem(header string, known func(string) bool) string {
	if known(header) {
		return header
	}
	parts := subQuestion.FindStringSubmatch(header)
	if parts == nil {
		return ""
	}
	number := strings.TrimLeft(strings.TrimPrefix(parts[2], "SQ"), "0")
	for _, code := range []string{parts[1] + number, parts[1] + "_" + parts[2]} {
		if parts[2] != "other" && known(code) {
			return code
		}
	}
	return ""
}

var answerCode = regexp.MustCompile(`^(?:A|AO)0*(\d+)$`)

// limeAnswer turns the codes that LimeSurvey gives answers by itself (A3, AO03, Y, N) into numbers.
func limeAnswer(cell string) string {
	switch cell {
	case "Y":
		return "1"
	case "N":
		return "0"
	}
	if code := answerCode.FindStringSubmatch(cell); code != nil {
		return code[1]
	}
	return cell
}
