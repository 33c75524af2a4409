package wording

import "strings"

// Code is a code of the read model and what it means. Where order matters to readers, lists keep it.
type Code struct {
	ID   string
	Text Text
}

// Computed are the comparators that are results of a method, rather than differences of two figures.
var Computed = []string{"trend5", "mann_kendall", "seasonal_kendall", "sii", "rii", "concentration"}

// SlopeUnit ends the unit of a slope, which says little to a reader.
const SlopeUnit = " a year"

// Comparators are what a figure is held beside, in the order in which readers meet them.
var Comparators = []Code{
	{"same_period_last_year", Text{"vuotta aiemmin", "ett år tidigare", "a year earlier"}},
	{"same_period_last_year_per_session", Text{"vuotta aiemmin, tapahtumaa kohti", "ett år tidigare, per evenemang", "a year earlier, per session"}},
	{"previous", Text{"edellinen jakso tai kysely", "föregående period eller enkät", "period or survey before"}},
	{"target", Text{"oma tavoite", "eget mål", "own target"}},
	{"parent", Text{"oma hyvinvointialue tai maakunta", "eget välfärdsområde eller landskap", "own county or region"}},
	{"similar", Text{"samankaltaiset kunnat", "liknande kommuner", "similar municipalities"}},
	{"country", Text{"koko maa", "hela landet", "whole country"}},
	{"trend5", Text{"viiden vuoden kehitys", "utveckling på fem år", "trend of five years"}},
	{"mann_kendall", Text{"suunta vuosittain (Mann–Kendall)", "riktning år för år (Mann–Kendall)", "trend by years (Mann–Kendall)"}},
	{"seasonal_kendall", Text{"suunta kausittain (Kendall)", "riktning säsong för säsong (Kendall)", "trend season by season (Kendall)"}},
	{"gap_abs", Text{"ero vertailuryhmään", "skillnad till referensgruppen", "gap to the reference group"}},
	{"gap_rel", Text{"suhde vertailuryhmään", "kvot till referensgruppen", "ratio to the reference group"}},
	{"sii", Text{"eriarvoisuuden kulmakerroin (SII)", "ojämlikhetens lutning (SII)", "slope index of inequality (SII)"}},
	{"rii", Text{"suhteellinen eriarvoisuus (RII)", "relativ ojämlikhet (RII)", "relative index of inequality (RII)"}},
	{"concentration", Text{"keskittymisindeksi", "koncentrationsindex", "concentration index"}},
}

// Verdicts are what may be said of a difference: clearly at 99.8 %, otherwise at 95 %. No word is part of another that
// means something else, apart from "clearly", so that a pattern can find each.
var Verdicts = []Code{
	{"much_better", Text{"selvästi parempi", "klart bättre", "clearly better"}},
	{"better", Text{"parempi", "bättre", "better"}},
	{"similar", Text{"ei selvää eroa", "ingen klar skillnad", "no clear difference"}},
	{"worse", Text{"huonompi", "sämre", "worse"}},
	{"much_worse", Text{"selvästi huonompi", "klart sämre", "clearly worse"}},
	{"much_higher", Text{"selvästi suurempi", "klart större", "clearly higher"}},
	{"higher", Text{"suurempi", "större", "higher"}},
	{"lower", Text{"pienempi", "mindre", "lower"}},
	{"much_lower", Text{"selvästi pienempi", "klart mindre", "clearly lower"}},
	{"reached", Text{"saavutettu", "uppnått", "reached"}},
	{"undecided", Text{"ei voida sanoa", "kan inte avgöras", "cannot be told"}},
	{"missed", Text{"jäi tavoitteesta", "under målet", "fell short"}},
}

// Reasons are why a comparison has no numbers, or how its numbers are to be read.
var Reasons = []Code{
	{"protected", Text{"jokin luvuista on tietosuojattu", "någon av siffrorna är sekretesskyddad", "one of the figures is protected"}},
	{"no_data", Text{"jokin luvuista puuttuu", "någon av siffrorna saknas", "one of the figures is missing"}},
	{"data_gap", Flags["data_gap"]},
	{"no_interval", Text{"ei luottamusväliä", "inget konfidensintervall", "no interval"}},
	{"period_not_over", Text{"jakso kesken", "perioden pågår", "period not over"}},
	{"incomplete_period", Text{"jakso tai vertailujakso vajaa", "perioden eller jämförelseperioden ofullständig", "one of the periods is incomplete"}},
	{"series_break", Text{"kysely on muuttunut", "enkäten har ändrats", "the questionnaire has changed"}},
	{"no_rank", Text{"alueilla ei ole järjestystä", "områdena har ingen rangordning", "areas without a rank"}},
	{"too_few_groups", Text{"alle viisi aluetta", "färre än fem områden", "fewer than five areas"}},
	{"too_few_periods", Text{"liian vähän jaksoja tai kyselyjä", "för få perioder eller enkäter", "too few periods or surveys"}},
	{"not_calculable", Text{"ei voida laskea", "kan inte beräknas", "cannot be calculated"}},
	{"no_direction", Text{"kumpikaan suunta ei ole hyvä", "ingendera riktningen är god", "neither direction is good"}},
	{"too_few_points", Text{"alle viisi vuotta", "färre än fem år", "fewer than five years"}},
	{"missing_value", Text{"jonkin vuoden luku puuttuu", "siffran för något år saknas", "a year without a figure"}},
	{"missing_interval", Text{"jonkin vuoden luottamusväli puuttuu", "intervallet för något år saknas", "a year without an interval"}},
	{"not_significant", Text{"ei merkitsevää muutosta", "ingen signifikant förändring", "no significant change"}},
	{"one_point_decides", Text{"yksi vuosi ratkaisisi", "ett år skulle avgöra", "one year would decide"}},
	{"increasing", Text{"kasvava", "stigande", "increasing"}},
	{"decreasing", Text{"laskeva", "sjunkande", "decreasing"}},
	{"includes_itself", Text{"vertailuluku sisältää ryhmän itsensä", "jämförelsetalet innehåller gruppen själv", "the reference includes the group"}},
}

// Find returns the text of a code; false if the list has none.
func Find(list []Code, id string) (Text, bool) {
	for _, c := range list {
		if c.ID == id {
			return c.Text, true
		}
	}
	return Text{}, false
}

// Mark is the symbol that stands before the word of a verdict: its direction ▲ ▼, doubled at 99.8 %; ● no difference; ✓ ✗
// of a target; ◌ where nothing may be said. up says that the difference is above what means none.
func Mark(verdict string, up bool) string {
	switch verdict {
	case "":
		return "◌"
	case "similar", "undecided":
		return "●"
	case "reached":
		return "✓"
	case "missed":
		return "✗"
	}
	mark := "▼"
	if up {
		mark = "▲"
	}
	if strings.HasPrefix(verdict, "much_") {
		return mark + mark
	}
	return mark
}

// Neutral is the difference that means none: 1 of a ratio, else 0.
func Neutral(comparator string) float64 {
	if comparator == "gap_rel" || comparator == "rii" {
		return 1
	}
	return 0
}

// Class sorts a verdict by what it means for a decision: better, worse, or neither.
func Class(verdict string) string {
	switch verdict {
	case "better", "much_better", "reached":
		return "better"
	case "worse", "much_worse", "missed":
		return "worse"
	default:
		return ""
	}
}
