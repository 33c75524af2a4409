package reference_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
)

func ages(t testing.TB) *reference.AgeSchemes {
	t.Helper()
	a, err := reference.LoadAgeSchemes(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestBandOf(t *testing.T) {
	a := ages(t)
	for age, want := range map[int]string{
		-1: "unknown", 0: "0-12", 12: "0-12", 13: "13-17", 17: "13-17", 18: "18-19", 19: "18-19", 20: "20-28", 28: "20-28",
		29: "29-54", 54: "29-54", 55: "55-64", 64: "55-64", 65: "65-74", 74: "65-74", 75: "75+", 100: "75+", 123: "75+",
	} {
		if got := a.Bands[a.BandOf(age)]; got != want {
			t.Errorf("age %d is in band %s, want %s", age, got, want)
		}
	}
}

func TestSchemes(t *testing.T) {
	a := ages(t)
	var published []string
	for _, s := range a.Published() {
		published = append(published, s.ID)
	}
	if want := []string{"eviva3", "report5", "finsote"}; !slices.Equal(published, want) {
		t.Errorf("published %v, want %v", published, want)
	}
	for id, want := range map[string][]string{
		"eviva3":              {"0-17", "18-64", "65+"},
		"report5":             {"0-12", "13-28", "29-64", "65+"},
		"finsote":             {"20-54", "55-74", "75+"},
		"hyvinvointikompassi": {"20-64", "65+"},
		"statfin4":            {"0-14", "15-64", "65-74", "75+"},
		"school":              {"4-5", "8-9", "upper_secondary", "vocational"},
	} {
		var got []string
		for _, g := range a.Scheme(id).Groups {
			got = append(got, g.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has the groups %v, want %v", id, got, want)
		}
	}
	single, esp := a.Scheme("single").Groups, a.Scheme("esp2013").Groups
	if len(single) != 101 || single[100].ID != "100+" || single[7].ID != "7" {
		t.Errorf("single years: %d groups, the last %s", len(single), single[len(single)-1].ID)
	}
	if len(esp) != 19 || esp[0].ID != "0-4" || esp[18].ID != "90+" {
		t.Errorf("standard population: %d groups, the last %s", len(esp), esp[len(esp)-1].ID)
	}
	if a.Scheme("school").GroupOf(4) != -1 || a.Scheme("none") != nil {
		t.Error("school grades are no ages, and an unknown scheme is nil")
	}
}

// Wherever a group consists of bands, the bands and the ages agree about everybody.
func TestCompositionAgreesWithAges(t *testing.T) {
	a := ages(t)
	rapid.Check(t, func(t *rapid.T) {
		age := rapid.IntRange(0, 120).Draw(t, "age")
		s := rapid.SampledFrom(a.Schemes).Draw(t, "scheme")
		if s.Grades {
			return
		}
		n := 0
		for i, g := range s.Groups {
			if g.Has(age) {
				n++
				if s.GroupOf(age) != i {
					t.Fatalf("%s: age %d is in group %d, not %d", s.ID, age, i, s.GroupOf(age))
				}
			}
			if g.Bands != nil && g.Has(age) != slices.Contains(g.Bands, a.BandOf(age)) {
				t.Fatalf("%s %s: age %d", s.ID, g.ID, age)
			}
		}
		if n > 1 {
			t.Fatalf("%s: age %d is in %d groups", s.ID, age, n)
		}
	})
	for _, s := range a.Published() {
		groups := a.Composition(s)
		if last := groups[len(groups)-1]; !slices.Equal(last, []int{a.UnknownBand()}) {
			t.Errorf("%s: the last group is %v, want unknown", s.ID, last)
		}
	}
}

func TestStandardPopulation(t *testing.T) {
	s, err := reference.LoadStandard(schemas.FS, ages(t))
	if err != nil {
		t.Fatal(err)
	}
	if s.Total != 100_000 || s.Bands[0] != (reference.StandardBand{ID: "0-4", Weight: 5000}) {
		t.Errorf("total %d, first %v", s.Total, s.Bands[0])
	}
	adults := s.From(20)
	if len(adults) != 15 || adults[0].ID != "20-24" || s.From(21) != nil {
		t.Errorf("adults: %v", adults)
	}
}

func TestAreas(t *testing.T) {
	as, err := reference.LoadAreas(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	parents := func(id, on string) []string {
		var ids []string
		for _, p := range as.Find(id).ParentsAt(day(on)) {
			ids = append(ids, p.Area)
		}
		return ids
	}
	for _, c := range []struct {
		area, on string
		want     []string
	}{
		{"KU305", "2024-03-05", []string{"MK17", "HVA19"}},
		{"KU305", "2022-12-31", []string{"MK17"}},
		{"KU142", "2020-12-31", []string{"MK08"}},
		{"KU142", "2021-01-01", []string{"MK07"}},
		{"KU853-04", "2024-01-01", []string{"KU853"}},
		{"HVA09", "2024-01-01", []string{"SSS"}},
	} {
		if got := parents(c.area, c.on); !slices.Equal(got, c.want) {
			t.Errorf("%s on %s is in %v, want %v", c.area, c.on, got, c.want)
		}
	}
	in := func(on, region string) (n int) {
		for _, a := range as.At(day(on)) {
			for _, p := range a.ParentsAt(day(on)) {
				if p.Area == region {
					n++
				}
			}
		}
		return n
	}
	if today, before := in("2024-01-01", "MK07"), in("2015-12-31", "MK07"); today != 10 || before != 11 {
		t.Errorf("Päijät-Häme has %d municipalities today and had %d of them in 2015, want 10 and 11", today, before)
	}
	if a := as.Find("KU532"); a.Successor != "KU398" || !a.At(day("2015-12-31")) || a.At(day("2016-01-01")) {
		t.Errorf("Nastola: %+v", a)
	}
	for _, a := range as {
		if invented := strings.Contains(a.ID, "-"); invented != (a.Source == "invented") {
			t.Errorf("%s: source %s", a.ID, a.Source)
		}
	}
}

// edited returns the reference files with one replacement in one of them.
func edited(t *testing.T, file, old, new string) fs.FS {
	t.Helper()
	m := fstest.MapFS{}
	for _, name := range []string{"age_schemes.yaml", "esp2013.yaml", "areas.yaml", "instruments.yaml"} {
		text, err := fs.ReadFile(schemas.FS, "reference/"+name)
		if err != nil {
			t.Fatal(err)
		}
		s := string(text)
		if name == file {
			if !strings.Contains(s, old) {
				t.Fatalf("%s does not hold %q", file, old)
			}
			s = strings.Replace(s, old, new, 1)
		}
		m["reference/"+name] = &fstest.MapFile{Data: []byte(s)}
	}
	return m
}

func TestFaultsAreNamed(t *testing.T) {
	for _, c := range []struct{ file, old, new, where string }{
		{"age_schemes.yaml", "cuts: [13, 18", "cuts: [18, 13", "cuts"},
		{"age_schemes.yaml", "bands: [0-12, 13-17, 18-19", "bands: [0-11, 13-17, 18-19", "bands"},
		{"age_schemes.yaml", "to: 17, bands: [0-12, 13-17]", "to: 17, bands: [0-12]", "scheme eviva3, group 0-17"},
		{"age_schemes.yaml", "{id: 18-64, from: 18, to: 64, bands: [18-19, 20-28, 29-54, 55-64]", "{id: 20-64, from: 20, to: 64, bands: [20-28, 29-54, 55-64]", "scheme eviva3, group 20-64"},
		{"age_schemes.yaml", "id: report5", "id: eviva3", "scheme eviva3"},
		{"age_schemes.yaml", "sv: 0–17-åringar, ", "", "scheme eviva3, group 0-17"},
		{"age_schemes.yaml", "id: statfin4", "id: statfin4\n    published: true", "scheme statfin4, group 0-14"},
		{"age_schemes.yaml", "grades: true", "published: true\n    grades: true", "scheme school"},
		{"age_schemes.yaml", "id: unknown", "id: 75+", "unknown"},
		{"age_schemes.yaml", "published: true", "publish: true", "file"},
		{"age_schemes.yaml", "schemes:", "---\nschemes:", "file"},
		{"esp2013.yaml", "weight: 5000", "weight: 5001", "total"},
		{"esp2013.yaml", "{id: 0-4,", "{id: 0-3,", "bands"},
		{"esp2013.yaml", "weight: 5000", "weight: -1", "band 0-4"},
		{"areas.yaml", "id: KU208", "id: KU305", "area KU305"},
		{"areas.yaml", "level: region", "level: land", "area MK02"},
		{"areas.yaml", "hierarchy: region, area: MK17", "hierarchy: region, area: MK99", "area KU305"},
		{"areas.yaml", "hierarchy: region, area: MK17", "hierarchy: county, area: MK17", "area KU305"},
		{"areas.yaml", "area: MK08, valid_to: 2021-01-01", "area: MK08", "area KU142"},
		{"areas.yaml", "successor: KU398", "successor: KU999", "area KU532"},
		{"areas.yaml", "sv: Lahtis, ", "", "area KU398"},
		{"areas.yaml", "source: invented", "source: guessed", "area KU853-01"},
		{"instruments.yaml", "code: ESIS2", "code: ESIS1", "instrument esis, item ESIS1"},
		{"instruments.yaml", "id: esis", "id: eurohis-qol-8", "instrument eurohis-qol-8"},
		{"instruments.yaml", "to: 7}", "to: 0}", "instrument physical-activity, item MUSCLE_DAYS"},
		{"instruments.yaml", "scored_by: [qol-good-share, qol-mean]", "scored_by: []", "instrument eurohis-qol-8"},
	} {
		fsys := edited(t, c.file, c.old, c.new)
		schemes, err := reference.LoadAgeSchemes(fsys)
		if err == nil {
			_, err = reference.LoadStandard(fsys, schemes)
		}
		if err == nil {
			_, err = reference.LoadAreas(fsys)
		}
		if err == nil {
			_, err = reference.LoadInstruments(fsys)
		}
		var invalid *reference.InvalidError
		if !errors.As(err, &invalid) || !errors.Is(err, reference.ErrReference) {
			t.Errorf("%s with %q: %v, want an InvalidError", c.file, c.new, err)
			continue
		}
		if invalid.File != "reference/"+c.file || !slices.ContainsFunc(invalid.Faults, func(f reference.Fault) bool { return f.Where == c.where }) {
			t.Errorf("%s with %q: %v, want a fault of %q", c.file, c.new, err, c.where)
		}
	}
	if _, err := reference.LoadAreas(fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
