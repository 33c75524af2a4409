package simulator

import (
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
)

// serviceAreas are Turku's, in order of made-up deprivation, the most deprived first.
var serviceAreas = []serviceArea{
	{"KU853-04", 0.095},
	{"KU853-08", 0.050},
	{"KU853-05", 0.135},
	{"KU853-06", 0.105},
	{"KU853-03", 0.105},
	{"KU853-07", 0.120},
	{"KU853-01", 0.260},
	{"KU853-09", 0.075},
	{"KU853-02", 0.055},
}

type serviceArea struct {
	code  string
	share float64 // of the municipality's residents
}

// seed is schemas/reference/areas.yaml.
var seed = func() reference.Areas {
	areas, err := reference.LoadAreas(schemas.FS)
	if err != nil {
		panic(err) // an embedded file: a programmer's mistake, met by the first test
	}
	return areas
}()

// nameOf is an area's Finnish name.
func nameOf(code string) string { return seed.Find(code).Name["fi"] }

// epoch is since when areas are, of which the seed knows no beginning.
var epoch = time.Date(2010, time.January, 1, 0, 0, 0, 0, time.UTC)

// referenceAreas describes all areas of the seed as they are today, with what was merged and into what: events know the
// newest division only.
func referenceAreas() []event.Area {
	var areas []event.Area
	for _, a := range seed {
		described := event.Area{AreaID: a.ID, Level: a.Level, Code: a.Code, Name: a.Name, ValidFrom: a.ValidFrom, ValidTo: a.ValidTo}
		if described.ValidFrom.IsZero() {
			described.ValidFrom = epoch
		}
		for _, p := range a.Parents {
			if p.ValidTo.IsZero() {
				described.Parents = append(described.Parents, event.Parent{Hierarchy: p.Hierarchy, Area: p.Area})
			}
		}
		if a.Successor != "" {
			described.Parents = append(described.Parents, event.Parent{Hierarchy: a.Level, Area: a.Successor})
		}
		areas = append(areas, described)
	}
	return areas
}
