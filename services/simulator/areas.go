package simulator

import (
	"time"

	"vointi.fi/pkg/event"
)

// serviceAreas are Turku's, in order of made-up deprivation, the most deprived first; named as the city's major districts.
var serviceAreas = []serviceArea{
	{"KU853-04", "Varissuo–Lauste", 0.095},
	{"KU853-08", "Pansio–Jyrkkälä", 0.050},
	{"KU853-05", "Nummi–Halinen", 0.135},
	{"KU853-06", "Runosmäki–Raunistula", 0.105},
	{"KU853-03", "Skanssi–Uittamo", 0.105},
	{"KU853-07", "Länsikeskus", 0.120},
	{"KU853-01", "Keskusta", 0.260},
	{"KU853-09", "Maaria–Paattinen", 0.075},
	{"KU853-02", "Hirvensalo–Kakskerta", 0.055},
}

type serviceArea struct {
	code, name string
	share      float64 // of the municipality's residents
}

// province is a region and the wellbeing services county with the same borders, as far as they are simulated.
type province struct{ code, county, fi, genitive, sv, en string }

var provinces = []province{
	{"02", "05", "Varsinais-Suomi", "Varsinais-Suomen", "Egentliga Finland", "Southwest Finland"},
	{"07", "09", "Päijät-Häme", "Päijät-Hämeen", "Päijänne-Tavastland", "Päijät-Häme"},
	{"17", "19", "Pohjois-Pohjanmaa", "Pohjois-Pohjanmaan", "Norra Österbotten", "North Ostrobothnia"},
}

// swedish holds the names that differ from the Finnish ones.
var swedish = map[string]string{"KU142": "Itis", "KU398": "Lahtis", "KU853": "Åbo"}

var (
	epoch  = time.Date(2010, time.January, 1, 0, 0, 0, 0, time.UTC)
	merged = time.Date(2016, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// referenceAreas describes the country, its simulated regions, counties, municipalities and service areas, and two
// municipalities that were merged into others at the beginning of 2016.
func referenceAreas() []event.Area {
	areas := []event.Area{describe("SSS", "country", "SSS", "Suomi", "Finland", "Finland")}
	for _, p := range provinces {
		areas = append(areas,
			describe("MK"+p.code, "region", p.code, p.fi, p.sv, p.en, event.Parent{Hierarchy: "country", Area: "SSS"}),
			describe("HVA"+p.county, "county", p.county, p.genitive+" hyvinvointialue", p.sv+"s välfärdsområde",
				"Wellbeing services county of "+p.en, event.Parent{Hierarchy: "country", Area: "SSS"}))
	}
	for _, p := range profiles {
		areas = append(areas, describeMunicipality(p.code, p.name, provinceOf(p)))
	}
	for _, old := range [][3]string{{"KU532", "Nastola", "KU398"}, {"KU283", "Hämeenkoski", "KU098"}} {
		a := describeMunicipality(old[0], old[1], provinces[1])
		a.Parents = append(a.Parents, event.Parent{Hierarchy: "municipality", Area: old[2]})
		a.ValidTo = merged
		areas = append(areas, a)
	}
	for _, s := range serviceAreas {
		areas = append(areas, describe(s.code, "service_area", s.code[6:], s.name, s.name, s.name,
			event.Parent{Hierarchy: "municipality", Area: GapArea}))
	}
	return areas
}

func provinceOf(p profile) province {
	switch p.group {
	case "turku":
		return provinces[0]
	case "lahti", "paijat-hame":
		return provinces[1]
	}
	return provinces[2]
}

func describeMunicipality(code, name string, in province) event.Area {
	sv := name
	if s := swedish[code]; s != "" {
		sv = s
	}
	return describe(code, "municipality", code[2:], name, sv, name,
		event.Parent{Hierarchy: "region", Area: "MK" + in.code}, event.Parent{Hierarchy: "county", Area: "HVA" + in.county})
}

func describe(id, level, code, fi, sv, en string, parents ...event.Parent) event.Area {
	return event.Area{
		AreaID: id, Level: level, Code: code, Name: map[string]string{"fi": fi, "sv": sv, "en": en},
		Parents: parents, ValidFrom: epoch,
	}
}
