package reference_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
)

func TestPeers(t *testing.T) {
	p, err := reference.LoadPeers(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Similar("KU305"); !slices.Equal(got, []string{"KU208"}) {
		t.Errorf("similar to Kuusamo: %v", got)
	}
	if got := p.Similar("HVA09"); got != nil {
		t.Errorf("a county is similar to %v", got)
	}
	if s := p.Scale("service_area"); s.Rank("KU853-04") != 0 || s.Rank("KU853-02") != 8 || s.Rank("KU305") != -1 {
		t.Errorf("ranks of %v", s.Order)
	}
	if p.Scale("country") != nil || (&reference.Peers{}).Scale("municipality") != nil || (&reference.Peers{}).Similar("KU305") != nil {
		t.Error("there are no peers of these")
	}
}

// Every municipality and service area that exists today has a rank, and every such municipality a group.
func TestPeersAreWhole(t *testing.T) {
	p, err := reference.LoadPeers(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	areas, err := reference.LoadAreas(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range areas {
		if s := p.Scale(a.Level); s != nil && a.ValidTo.IsZero() && s.Rank(a.ID) < 0 {
			t.Errorf("%s has no rank", a.ID)
		}
		if a.Level == "municipality" && a.ValidTo.IsZero() && len(p.Similar(a.ID)) == 0 {
			t.Errorf("%s is in no group", a.ID)
		}
	}
}

func TestPeersRefuse(t *testing.T) {
	areas, err := fs.ReadFile(schemas.FS, "reference/areas.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const similar = "groups: [{id: a, source: x, name: {fi: a, sv: a, en: a}, areas: [KU305, KU208]}]"
	const scales = "scales: [{level: municipality, source: x, order: [KU305]}]"
	for name, test := range map[string]struct{ similar, scales, want string }{
		"good":          {similar, scales, ""},
		"unknown area":  {strings.Replace(similar, "KU208", "KU308", 1), scales, "area KU308 is unknown; did you mean KU208 or KU305 or KU398?"},
		"nothing near":  {strings.Replace(similar, "KU208", "Kalajoki", 1), scales, "area Kalajoki is unknown"},
		"twice":         {strings.Replace(similar, "KU208", "KU305", 1), scales, "area KU305 stands twice"},
		"alone":         {strings.Replace(similar, ", KU208", "", 1), scales, "similar to nothing"},
		"a county":      {strings.Replace(similar, "KU208", "HVA09", 1), scales, "HVA09 is not a municipality"},
		"no source":     {strings.Replace(similar, "source: x, ", "", 1), scales, "no source"},
		"no name":       {strings.Replace(similar, "sv: a, ", "", 1), scales, "no name in sv"},
		"unknown key":   {strings.Replace(similar, "source", "sauce", 1), scales, "sauce"},
		"unranked":      {similar, strings.Replace(scales, "municipality", "county", 1), "neither municipality nor service_area"},
		"of other rank": {similar, strings.Replace(scales, "KU305", "KU853-01", 1), "KU853-01 is not a municipality"},
		"ranked twice":  {similar, strings.Replace(scales, "KU305", "KU305, KU305", 1), "stands twice"},
	} {
		fsys := fstest.MapFS{
			"reference/areas.yaml": {Data: areas}, "reference/similar.yaml": {Data: []byte(test.similar)},
			"reference/deprivation.yaml": {Data: []byte(test.scales)},
		}
		_, err := reference.LoadPeers(fsys)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestNear(t *testing.T) {
	known := []string{"participation-reach", "participation-visits", "loneliness-share", "Kuusamo", "eviva3/65+", "report5/65+", "report5/0-12"}
	for word, want := range map[string]string{
		"participation-reech": "participation-reach", "partisipation-visit": "participation-visits", "kuusamo": "Kuusamo",
		"lonleiness-share": "loneliness-share", "xyz": "", "": "",
		"65+": "eviva3/65+ report5/65+", "eviva/65+": "eviva3/65+", "0–12": "report5/0-12",
	} {
		if got := strings.Join(reference.Near(word, known), " "); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%q is near %q, want %q", word, got, want)
		}
	}
}
