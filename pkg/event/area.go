package event

import (
	"strings"
	"time"
)

func (p *Area) entity(*Event) []string { return []string{p.AreaID} }

var parentFields = []field[Parent]{
	must(text("hierarchy", func(p *Parent) *string { return &p.Hierarchy }, oneOf(areaLevels))),
	must(text("area_id", func(p *Parent) *string { return &p.Area }, areaCode)),
}

var areaFields = []field[Area]{
	must(text("area_id", func(p *Area) *string { return &p.AreaID }, areaCode)),
	must(text("level", func(p *Area) *string { return &p.Level }, oneOf(areaLevels))),
	text("code", func(p *Area) *string { return &p.Code }, code),
	must(names("name", func(p *Area) *map[string]string { return &p.Name })),
	objects("parents", func(p *Area) *[]Parent { return &p.Parents }, 20, parentFields),
	must(date("valid_from", func(p *Area) *time.Time { return &p.ValidFrom })),
	date("valid_to", func(p *Area) *time.Time { return &p.ValidTo }),
	instant("retrieved_at", func(p *Area) *time.Time { return &p.RetrievedAt }),
	text("licence", func(p *Area) *string { return &p.Licence }, label),
}

// MunicipalityOf is the municipality that an area is of, as the extension areaid wants it; SSS for larger areas and for postal
// code areas.
func MunicipalityOf(area string) string {
	if strings.HasPrefix(area, "KU") && len(area) >= 5 {
		return area[:5]
	}
	return "SSS"
}
