package dashboardstest

import (
	"slices"
	"time"
)

// entry is one indicator of the fixture's catalogue, with what its made-up figures look like.
type entry struct {
	id         string
	goals      []string
	headline   bool
	fi, sv, en string
	unit       string
	direction  string
	method     string
	basis      string
	breakdowns []string
	periods    []string
	decimals   uint8
	base       float64 // figure of the whole country in the last year
	slope      float64 // relative change a year
	n          float64 // behind a municipality's yearly total
}

var (
	byPerson  = []string{"area", "age_group", "sex"}
	bySession = []string{"area", "activity_type", "provider"}
	monthly   = []string{"month", "quarter", "year"}
	quarterly = []string{"quarter", "year"}
	waves     = []string{"wave"}
)

var entries = []entry{
	{"participation-visits", []string{"G1", "G3"}, false, "Osallistumiskerrat (käynnit)", "Deltagartillfällen", "Participation visits", "n", "+", "CNT-NI", "venue", slices.Concat(byPerson, bySession[1:]), monthly, 0, 41_200, 0.08, 41_200},
	{"unique-participants", []string{"G1"}, false, "Eri osallistujat", "Unika deltagare", "Unique participants", "n", "+", "CNT", "venue", slices.Concat(byPerson, bySession[1:]), monthly, 0, 6_120, 0.06, 6_120},
	{"participation-reach", []string{"G1", "G2"}, true, "Tavoittavuus", "Räckvidd", "Participation reach", "%", "+", "PROP-W", "residence", byPerson, []string{"quarter", "year", "rolling_12m"}, 1, 31.4, 0.11, 15_400},
	{"newly-active-residents", []string{"G1"}, true, "Uudet vapaa-ajallaan aktiiviset asukkaat", "Nya fritidsaktiva invånare", "Newly active residents", "n", "+", "CNT", "residence", byPerson, monthly, 0, 412, 0.12, 412},
	{"anonymous-share", []string{"G10"}, true, "Anonyymien käyntien osuus", "Andel anonyma besök", "Anonymous visit share", "%", "0", "PROP-W", "venue", bySession, monthly, 1, 22.6, -0.1, 41_200},
	{"sessions-held", []string{"G1", "G6"}, false, "Toteutuneet tapahtumat", "Genomförda evenemang", "Sessions held", "n", "+", "NONE", "venue", bySession, monthly, 0, 3_410, 0.03, 3_410},
	{"cancellation-rate", []string{"G10"}, false, "Peruttujen osuus", "Andel inställda tillfällen", "Cancellation rate", "%", "-", "PROP-W", "venue", bySession, monthly, 1, 4.2, -0.2, 3_560},
	{"session-occupancy", []string{"G8"}, true, "Täyttöaste", "Beläggningsgrad", "Session occupancy", "%", "+", "RATIO", "venue", bySession, monthly, 1, 65.1, -0.12, 3_410},
	{"culture-visit-rate", []string{"G9"}, false, "Kulttuuripalvelujen käyttö", "Användning av kulturtjänster", "Use of cultural services", "per 1 000", "+", "RATE-NI", "residence", byPerson[:2], quarterly, 1, 612.3, 0.05, 9_430},
	{"qol-good-share", []string{"G9", "G2"}, true, "Elämänlaatunsa (EuroHIS-8) hyväksi tuntevien osuus", "Andel med god livskvalitet (EuroHIS-8)", "Quality of life (EuroHIS-8) good", "%", "+", "PROP-S", "residence", slices.Concat(byPerson, []string{"education"}), waves, 1, 55.3, 0.04, 398},
	{"loneliness-share", []string{"G9", "G3"}, true, "Itsensä yksinäiseksi tuntevien osuus", "Andel som känner sig ensamma", "Feels lonely", "%", "-", "PROP-S", "residence", slices.Concat(byPerson, []string{"education"}), waves, 1, 11.2, -0.24, 398},
	{"cost-per-visit", []string{"G8"}, true, "Kustannus käyntiä kohti", "Kostnad per besök", "Cost per visit", "€", "-", "RATIO", "venue", bySession, quarterly, 2, 13.42, -0.16, 41_200},
}

func texts(fi, sv, en string) map[string]string {
	return map[string]string{"fi": fi, "sv": sv, "en": en}
}

func catalogueRows() []catalogueRow {
	rows := make([]catalogueRow, len(entries))
	for i, e := range entries {
		rows[i] = catalogueRow{
			ID: e.id, Number: uint16(i + 1), Goals: e.goals, Headline: e.headline,
			Name:        texts(e.fi, e.sv, e.en),
			Description: texts("Kuvaus: "+e.fi+".", "Beskrivning: "+e.sv+".", "Description: "+e.en+"."),
			Caveats:     texts("Huomaa: luvut ovat keksittyjä.", "Obs: siffrorna är påhittade.", "Note: the figures are made up."),
			Numerator:   texts("Osoittaja: "+e.fi+".", "Täljare: "+e.sv+".", "Numerator: "+e.en+"."),
			Denominator: texts("Nimittäjä: "+e.fi+".", "Nämnare: "+e.sv+".", "Denominator: "+e.en+"."),
			Unit:        e.unit, Direction: e.direction, AreaBasis: e.basis, Method: e.method,
			Breakdowns: e.breakdowns, PeriodTypes: e.periods, Decimals: e.decimals, Version: 1,
		}
	}
	return append(rows, catalogueRow{
		ID: Unfed, Number: uint16(len(rows) + 1), Goals: []string{"G4"}, Name: texts("Aktiiviset vapaaehtoiset", "Aktiva frivilliga", "Active volunteers"),
		Unit: "n", Direction: "+", AreaBasis: "residence", Method: "CNT", Breakdowns: byPerson, PeriodTypes: quarterly,
		Awaits: []string{"volunteer.shift.logged.v1"}, Version: 1_700_000_000_000,
	})
}

// Unfed is an indicator that nothing feeds yet.
const Unfed = "volunteers-active"

// area is one area of the fixture; share is its part of the country, drift its relative difference in level.
type area struct {
	id, level, fi, sv, en string
	share, drift          float64
}

var areas = []area{
	{"SSS", "country", "Koko maa", "Hela landet", "Whole country", 1, 1},
	{"MK17", "region", "Pohjois-Pohjanmaa", "Norra Österbotten", "North Ostrobothnia", 0.45, 1.04},
	{"HVA07", "county", "Päijät-Hämeen hyvinvointialue", "Päijänne-Tavastlands välfärdsområde", "Päijät-Häme wellbeing services county", 0.4, 0.97},
	{"KU305", "municipality", "Kuusamo", "Kuusamo", "Kuusamo", 0.3, 1.1},
	{"KU208", "municipality", "Kalajoki", "Kalajoki", "Kalajoki", 0.15, 0.88},
	{"KU853", "municipality", "Turku", "Åbo", "Turku", 0.35, 0.95},
}

func areaRows() []areaRow {
	rows := make([]areaRow, len(areas))
	for i, a := range areas {
		rows[i] = areaRow{
			Area: a.id, Level: a.level, Code: a.id, Name: texts(a.fi, a.sv, a.en),
			Parents:   map[string]string{"country": "SSS"},
			ValidFrom: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
			ValidTo:   time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
			Version:   1,
		}
	}
	return rows
}
