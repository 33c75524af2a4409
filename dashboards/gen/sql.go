package main

import (
	"embed"
	"fmt"
	"strings"
	"text/template"

	"vointi.fi/pkg/wording"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// Texts that stand in cells, by language: fi, sv, en. A cell never shows a bare blank or zero for what is not a figure.
var words = map[string][3]string{
	"protected":      {"tietosuojattu", "sekretesskyddad", "protected"},
	"no_data":        {"ei tietoa", "ingen uppgift", "no data"},
	"not_collected":  {"tietoja ei vielä kerätä", "uppgifter samlas inte in än", "not collected yet"},
	"by_programme":   {"arvioidaan ohjelmittain", "uppskattas per program", "estimated of programmes"},
	"not_applicable": {"ei sovellu", "ej tillämplig", "not applicable"},
	"no_indicator":   {"ei vielä mittaria", "ännu ingen mätare", "no metric yet"},
	"no_interval":    {"ei luottamusväliä", "inget konfidensintervall", "no interval"},
	"provisional":    {"ennakkotieto", "preliminär", "provisional"},
	"running":        {"jakso kesken", "perioden pågår", "period not over"},
	"partial":        {"jakso vajaa", "ofullständig period", "incomplete period"},
	"final":          {"lopullinen", "slutlig", "final"},
	"all":            {"Kaikki", "Alla", "All"},
	"unknown_age":    {"Ikä ei tiedossa", "Ålder okänd", "Age unknown"},
	"wave":           {"kysely", "enkät", "survey"},
	"points":         {"%-yks.", "%-enh.", "pp"},
	"to":             {"…", " till ", " to "},
	"target":         {"tavoite", "målet", "target"},
	"short_history":  {"liian lyhyt seuranta-aika", "för kort uppföljningstid", "too short a history before it"},
	"data_gap":       {"jokin paikka ei ole lähettänyt tietojaan", "en plats har inte skickat sina uppgifter", "a venue has not sent its data"},
	"none_silent":    {"ei vaiti olevia paikkoja", "inga tysta platser", "no silent venues"},
	"none_withheld":  {"kaikki saapunut on luvuissa", "allt som har kommit ingår i siffrorna", "all that came is in the figures"},
	"totals":         {"koko alueen luvut", "siffror för hela området", "figures of whole areas"},
	"age_and_sex":    {"ikä ja sukupuoli", "ålder och kön", "age and sex"},
	"men":            {"Miehet", "Män", "Men"},
	"women":          {"Naiset", "Kvinnor", "Women"},
	"unknown":        {"Ei tiedossa", "Okänt", "Unknown"},
	"nothing":        {"ei mihinkään", "inget", "nothing"},
	"before_start":   {"ennen alkua", "före starten", "before the start"},
	"since_start":    {"alun jälkeen", "efter starten", "since the start"},
	"against_this":   {"vertailujakso: viimeinen ennen alkua", "jämförelseperiod: den sista före starten", "compared with this one: the last before the start"},
	"all_inputs":     {"Kaikki yhtä aikaa", "Alla på en gång", "All at once"},
	"whole_practice": {"Koko käytäntö", "Hela praxisen", "The whole practice"},
	"placeholder":    {"alustava arvo", "platshållare", "placeholder"},
	"name":           {"Nimi", "Namn", "Name"},
	"description":    {"Kuvaus", "Beskrivning", "Description"},
	"numerator":      {"Osoittaja", "Täljare", "Numerator"},
	"denominator":    {"Nimittäjä", "Nämnare", "Denominator"},
	"unit":           {"Yksikkö", "Enhet", "Unit"},
	"direction":      {"Suunta", "Riktning", "Direction"},
	"higher":         {"suurempi on parempi", "högre är bättre", "higher is better"},
	"lower":          {"pienempi on parempi", "lägre är bättre", "lower is better"},
	"neither":        {"kumpikaan suunta ei ole parempi", "ingendera riktningen är bättre", "neither direction is better"},
	"method":         {"Luottamusvälin menetelmä", "Konfidensintervallets metod", "Interval method"},
	"area_basis":     {"Alueen peruste", "Områdets grund", "Area basis"},
	"residence":      {"asuinkunta", "boendekommun", "where people live"},
	"venue":          {"tapahtumapaikka", "evenemangets plats", "where sessions are"},
	"awaits":         {"Odottaa tietoja", "Väntar på uppgifter", "Waits for"},
	"goals":          {"Tavoitteet", "Mål", "Goals"},
	"caveats":        {"Huomattavaa", "Att notera", "Caveats"},
	"programme":      {"Ohjelma", "Program", "Programme"},
	"for_whom":       {"Kenelle", "För vem", "For whom"},
	"where":          {"Missä", "Var", "Where"},
	"compared_with":  {"Mihin verrataan", "Jämfört med", "Compared with"},
	"from_day":       {"Alkaen", "Från", "From"},
	"to_day":         {"Asti", "Till", "To"},
	"phases":         {"Vaiheet", "Faser", "Phases"},
	"funders":        {"Rahoittajat", "Finansiärer", "Funders"},
	"whose_costs":    {"Kenen kustannukset lasketaan", "Vems kostnader som räknas", "Whose costs count"},
	"prices_of":      {"Hintojen vuosi", "Prisernas år", "Prices of"},
	"discount_rate":  {"Diskonttauskorko", "Diskonteringsränta", "Discount rate"},
	"why_none":       {"Miksi arvioita ei ole", "Varför det inte finns uppskattningar", "Why there are no estimates"},
	"computed":       {"Laskettu", "Beräknad", "Computed"},
	"not_measured":   {"ei mitata: vain asukkaiden osuuksista ja suhdeluvuista", "mäts inte: bara andelar av och tal per invånare", "not measured: only for shares and rates of residents"},
}

// fragments are the expressions that many statements share. They are expanded as text, not defined as SQL functions,
// because a reader may call nothing but the engine's own harmless functions.
var fragments = template.FuncMap{
	"lang":                func(column string) string { return choose(column+"_fi", column+"_sv", column+"_en") },
	"word":                word,
	"goals":               goalTuples,
	"age":                 ageLabel,
	"age_order":           ageOrder,
	"number":              number,
	"plain":               plain,
	"whole":               whole,
	"figure":              figure,
	"interval":            interval,
	"n":                   respondents,
	"n_text":              nText,
	"period":              period,
	"status":              status,
	"reading":             reading,
	"difference":          difference,
	"said":                said,
	"compared":            compared,
	"compared_everywhere": comparedEverywhere,
	"comparator":          comparator,
	"reason":              reason,
	"p":                   probability,
	"rank":                rank,
	"glossary":            glossary,
	"targets":             targets,
	"target":              target,
	"target_text":         targetText,
	"flags":               flags,
	"measured":            measured,
	"estimated":           estimated,
	"estimate":            estimateText,
	"estimate_range":      estimateRange,
	"points_range":        pointsRange,
	"amount":              amount,
	"euros":               euros,
	"areas":               areas,
	"rests":               rests,
	"perspective":         perspective,
	"refusal":             refusal,
	"caution":             caution,
	"cautions":            cautions,
	"matrix_row":          matrixRow,
	"matrix_column":       matrixColumn,
	"rank_of_estimates":   rankIn(wording.Estimated),
	"rank_of_cautions":    rankIn(wording.Cautions),
	"running":             running,
	"pending":             pending,
	"method":              method,
	"covered":             covered,
	"line":                func() string { return line("") },
	"line_of":             func(table string) string { return line(table + ".") },
}

// statement returns the SQL of a file under sql/ with its fragments expanded. Its leading comment stays: an analyst who
// opens the panel reads there what it does.
func statement(name string) (string, error) { return statementOf(name, nil) }

// statementOf is statement of a file that more than one thing uses: data is what it says {{.}} of.
func statementOf(name string, data any) (string, error) {
	text, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return "", fmt.Errorf("read statement %s: %w", name, err)
	}
	t, err := template.New(name).Funcs(fragments).Parse(string(text))
	if err != nil {
		return "", fmt.Errorf("parse statement %s: %w", name, err)
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
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
	lines := make([]string, len(wording.Goals))
	for i, g := range wording.Goals {
		lines[i] = fmt.Sprintf("(%d, %s)", i+1, inWords(g))
	}
	return strings.Join(lines, ",\n                ")
}
