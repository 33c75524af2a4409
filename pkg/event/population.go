package event

import "time"

func (p *Population) entity(*Event) []string {
	return []string{p.Area, itoa(p.Year), p.Sex, p.Age}
}

var populationFields = []field[Population]{
	must(text("area_id", func(p *Population) *string { return &p.Area }, areaCode)),
	must(number("year", func(p *Population) *int { return &p.Year }, 1900, 2199)),
	must(eitherSex()),
	must(text("age", func(p *Population) *string { return &p.Age }, ageOrBand)),
	must(number("count", func(p *Population) *int { return &p.Count }, 0, 10_000_000)),
	text("table_id", func(p *Population) *string { return &p.TableID }, code),
	instant("retrieved_at", func(p *Population) *time.Time { return &p.RetrievedAt }),
	text("licence", func(p *Population) *string { return &p.Licence }, label),
}

// eitherSex is a sex, or "all" for both, which the payload holds as "".
func eitherSex() field[Population] {
	f := text("sex", func(p *Population) *string { return &p.Sex }, oneOf(sexesAndAll))
	read := f.read
	f.read = func(r *reader, p *Population) {
		if read(r, p); p.Sex == "all" {
			p.Sex = ""
		}
	}
	f.write = func(b []byte, p *Population) []byte {
		if p.Sex == "" {
			return append(b, `"all"`...)
		}
		return appendString(b, p.Sex)
	}
	return f
}
