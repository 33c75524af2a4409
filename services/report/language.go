package report

// Language is a language of the page.
type Language string

// The languages of the page.
const (
	Finnish Language = "fi"
	Swedish Language = "sv"
	English Language = "en"
)

// Languages in the order in which the page offers them, with their own names.
var languages = []struct {
	Code Language
	Name string
}{{Finnish, "Suomeksi"}, {Swedish, "På svenska"}, {English, "In English"}}

func parseLanguage(s string) (Language, bool) {
	for _, l := range languages {
		if string(l.Code) == s {
			return l.Code, true
		}
	}
	return "", false
}

// texts are the words of the page in one language. A field for each, so that a missing one is found by a test.
type texts struct {
	Title, Subtitle                                              string
	Synthetic                                                    string
	Area, Year, AgeGroups, TrendBy, Show, Language, Skip         string
	Computed, DaysAgo, Today                                     string // %s, %s
	CountFinal, CountProvisional, CountProtected, CountMissing   string
	Highlights, HighlightsNone, HighlightsNothing                string
	HighlightsNote                                               string
	Goals, GoalsNote, GoalIndicator, NoIndicator                 string
	All, AgeUnknown                                              string
	Protected, NoData, NotApplicable, NotCollected, NoInterval   string
	Provisional, Final, Running, Partial, NotCompared            string
	Summary, Target, ProtectedWhy                                string // Summary: %d
	Beside, BesideWhat, Verdict, To                              string // Beside: %s; To: between two limits, one negative
	Trends, TrendsNote, Latest, Figures, Definition, Description string
	Period, Figure, Interval, Count, Status                      string
	Numerator, Denominator, Method, Caveats, UnitLabel           string
	ChartOf, ChartNone, ChartProtected                           string // ChartOf: %s %s %s
	LegendBand, LegendBars                                       string
	Wave, Quarter                                                string
	ByMonth, ByQuarter, ByYear                                   string
	HowToRead                                                    string
	Practices, PracticesNote, ForWhom, WholePractice             string
	ByProgramme                                                  string
	Empty, EmptyHint                                             string
	NotFound, NotFoundHint, Unavailable, UnavailableHint         string
	Points                                                       string
	API                                                          string
}

// units as they stand beside an indicator's name.
var unitNames = map[string]Text{
	"n":         {"lukumäärä", "antal", "number"},
	"%":         {"%", "%", "%"},
	"€":         {"€", "€", "€"},
	"per 1 000": {"tuhatta asukasta kohti", "per tusen invånare", "per thousand residents"},
	"ratio":     {"suhdeluku", "kvot", "ratio"},
	"score":     {"pistettä", "poäng", "score"},
	"h":         {"tuntia", "timmar", "hours"},

	"contacts/resident": {"asiointia asukasta kohti", "kontakter per invånare", "contacts per resident"},
}

// methods in words, for those who do not know their short names.
var methodNames = map[string]Text{
	"CNT":       {"Byarin likimääräinen (alle 10: tarkka Poisson)", "Byars approximation (under 10: exakt Poisson)", "Byar's approximation (below 10: exact Poisson)"},
	"CNT-NI":    {"Byar, toistuvat käynnit huomioitu", "Byar, upprepade besök beaktade", "Byar, widened for repeated visits"},
	"PROP-W":    {"Wilson", "Wilson", "Wilson"},
	"RATE-NI":   {"Byar, toistuvat käynnit huomioitu", "Byar, upprepade besök beaktade", "Byar, widened for repeated visits"},
	"RATIO-CNT": {"Kiinteä summa jaettuna lukumäärällä, Byar", "Fast summa delad med antal, Byar", "A fixed sum over a count, Byar"},

	"RATIO":  {"Suhdeluku, ryppäinä tapahtumat", "Kvot, evenemang som kluster", "Ratio estimator, sessions as clusters"},
	"PROP-S": {"Painotettu kyselyosuus, asetelma huomioitu", "Viktad enkätandel, designen beaktad", "Weighted survey share, design-based"},
	"RATE":   {"Byarin likimääräinen asukaslukua kohti", "Byars approximation per invånarantal", "Byar's approximation, per residents"},
	"DSR-NI": {"Suora ikävakiointi (Dobson), toistuvat käynnit huomioitu", "Direkt åldersstandardisering (Dobson), upprepade besök beaktade", "Direct standardisation (Dobson), widened for repeated visits"},
	"ASP":    {"Ikävakioitu osuus, Wilson", "Åldersstandardiserad andel, Wilson", "Age-standardised proportion, Wilson"},
	"MEAN-T": {"Keskiarvo, t-jakauma", "Medelvärde, t-fördelning", "Mean, t distribution"},
	"MEAN-S": {"Painotettu kyselykeskiarvo, asetelma huomioitu", "Viktat enkätmedelvärde, designen beaktad", "Weighted survey mean, design-based"},
	"RR":     {"Riskisuhde (Katz)", "Riskkvot (Katz)", "Risk ratio (Katz)"},
	"LINEAR": {"Muunnettu toisesta luvusta rajoineen", "Omräknad från en annan uppgift med gränser", "Transformed from another figure and its limits"},
	"DID":    {"Erotusten erotus", "Differens i differenser", "Difference in differences"},
	"REF":    {"Julkaisijan luku sellaisenaan", "Utgivarens uppgift som sådan", "As published elsewhere"},
	"NONE":   {"Hallinnollinen luku, ei luottamusväliä", "Administrativ uppgift, inget intervall", "Administrative fact, no interval"},
}

// scheme is a way of grouping ages.
type scheme struct {
	ID   string
	Name Text
}

// schemes of age groups that the page offers.
var schemes = []scheme{
	{"eviva3", Text{"0–17, 18–64, 65+", "0–17, 18–64, 65+", "0–17, 18–64, 65+"}},
	{"report5", Text{"Hyvinvointikertomuksen ikäryhmät", "Välfärdsberättelsens åldersgrupper", "Welfare report groups"}},
	{"finsote", Text{"20–54, 55–74, 75+", "20–54, 55–74, 75+", "20–54, 55–74, 75+"}},
}

// groupNames are groups that have a name beside their ages, by scheme.
var groupNames = map[string]map[string]Text{
	"report5": {
		"0-12":  {"Lapset ja lapsiperheet", "Barn och barnfamiljer", "Children and families"},
		"13-28": {"Nuoret ja nuoret aikuiset", "Unga och unga vuxna", "Young people"},
		"29-64": {"Työikäiset", "Personer i arbetsför ålder", "Working age"},
		"65+":   {"Ikäihmiset", "Äldre", "Older people"},
	},
}
