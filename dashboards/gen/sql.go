package main

import (
	"embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// Texts that stand in cells, by language: fi, sv, en. A cell never shows a bare blank or zero for what is not a figure.
var words = map[string][3]string{
	"protected":      {"tietosuojattu", "sekretesskyddad", "protected"},
	"no_data":        {"ei tietoa", "ingen uppgift", "no data"},
	"not_applicable": {"ei sovellu", "ej tillämplig", "not applicable"},
	"no_indicator":   {"ei vielä mittaria", "ännu ingen mätare", "no metric yet"},
	"no_interval":    {"ei luottamusväliä", "inget konfidensintervall", "no interval"},
	"provisional":    {"ennakkotieto", "preliminär", "provisional"},
	"running":        {"kausi kesken", "perioden pågår", "period not over"},
	"partial":        {"kausi vajaa", "ofullständig period", "incomplete period"},
	"partial_before": {"vajaa vertailukausi", "ofullständig jämförelseperiod", "incomplete period before"},
	"final":          {"lopullinen", "slutlig", "final"},
	"better":         {"parempi", "bättre", "better"},
	"worse":          {"huonompi", "sämre", "worse"},
	"similar":        {"samanlainen", "likadan", "similar"},
	"increased":      {"suurempi", "större", "higher"},
	"decreased":      {"pienempi", "mindre", "lower"},
	"above":          {"maata suurempi", "större än landet", "above the country"},
	"below":          {"maata pienempi", "mindre än landet", "below the country"},
	"all":            {"Kaikki", "Alla", "All"},
	"unknown_age":    {"Ikä ei tiedossa", "Ålder okänd", "Age unknown"},
	"wave":           {"kysely", "enkät", "survey"},
	"points":         {"%-yks.", "%-enh.", "pp"},
}

// Goals G1…G10 in the order in which the matrix shows them: Finnish, Swedish, English.
var goals = [][3]string{
	{"Osallisuus ja aktiivisuus", "Delaktighet och aktivitet", "Inclusion and activity"},
	{"Hyvinvointierojen kaventaminen", "Mindre skillnader i välfärd", "Narrower well-being gaps"},
	{"Yhteisöllisyys", "Gemenskap", "Community"},
	{"Vapaaehtoistoiminta", "Frivilligverksamhet", "Volunteering"},
	{"Kumppanuus", "Partnerskap", "Partnership"},
	{"Tiedon välittäminen", "Informationsförmedling", "Information"},
	{"Lapsiperheet ja osallistumisen esteet", "Barnfamiljer och hinder", "Families and barriers"},
	{"Kustannusvaikutukset ja palvelutarve", "Kostnadseffekter och servicebehov", "Cost effects and service need"},
	{"Koettu hyvinvointi", "Upplevd välfärd", "Perceived well-being"},
	{"Tiedolla johtaminen", "Kunskapsbaserad ledning", "Knowledge-led management"},
}

// fragments are the expressions that many statements share. They are expanded as text, not defined as SQL functions,
// because a reader may call nothing but the engine's own harmless functions.
var fragments = template.FuncMap{
	"lang":      func(column string) string { return choose(column+"_fi", column+"_sv", column+"_en") },
	"word":      word,
	"goals":     goalTuples,
	"age":       ageLabel,
	"age_order": ageOrder,
	"number":    number,
	"plain":     plain,
	"whole":     whole,
	"figure":    figure,
	"interval":  interval,
	"n":         respondents,
	"n_text":    nText,
	"period":    period,
	"status":    status,
	"verdict":   verdict,
	"change":    change,
	"running":   running,
	"covered":   covered,
	"line":      func() string { return line("") },
	"line_of":   func(table string) string { return line(table + ".") },
}

// statement returns the SQL of a file under sql/ with its fragments expanded. Its leading comment stays: an analyst who
// opens the panel reads there what it does.
func statement(name string) (string, error) {
	text, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return "", fmt.Errorf("read statement %s: %w", name, err)
	}
	t, err := template.New(name).Funcs(fragments).Parse(string(text))
	if err != nil {
		return "", fmt.Errorf("parse statement %s: %w", name, err)
	}
	var b strings.Builder
	if err := t.Execute(&b, nil); err != nil {
		return "", fmt.Errorf("expand statement %s: %w", name, err)
	}
	return strings.TrimSpace(b.String()), nil
}

func choose(fi, sv, en string) string {
	return fmt.Sprintf("multiIf(${lang:singlequote} = 'sv', %s, ${lang:singlequote} = 'en', %s, %s)", sv, en, fi)
}

func word(key string) (string, error) {
	w, ok := words[key]
	if !ok {
		return "", fmt.Errorf("no word %q", key)
	}
	return choose(quote(w[0]), quote(w[1]), quote(w[2])), nil
}

// must is for words that this file names itself: a misspelling shows in the first run of the generator.
func must(key string) string {
	w, err := word(key)
	if err != nil {
		panic(err)
	}
	return w
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func goalTuples() string {
	lines := make([]string, len(goals))
	for i, g := range goals {
		lines[i] = fmt.Sprintf("(%d, %s)", i+1, choose(quote(g[0]), quote(g[1]), quote(g[2])))
	}
	return strings.Join(lines, ",\n                ")
}
