package event_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
	"vointi.fi/pkg/event"
)

func TestPersonalCodes(t *testing.T) {
	for _, c := range []struct {
		name, s string
		want    bool
	}{
		{"century 1900", "131052-308T", true},
		{"century 1800", "010100+002H", event.HasPersonalCode("010100-002H")}, // the sign is not part of the check
		{"century 2000", "010594A9021", event.HasPersonalCode("010594-9021")},
		{"new sign", "010594Y9032", true},
		{"lower case", "131052-308t", true},
		{"wrong check character", "131052-308U", false},
		{"letter that is never a check character", "131052-308O", false},
		{"month 13", "131352-308T", false},
		{"day 32", "321052-308T", false},
		{"day 0", "001052-308T", false},
		{"wrong sign", "131052G308T", false},
		{"no sign", "131052308T", false},
		{"in a sentence", "hetu on 131052-308T, kiitos", true},
		{"after a letter", "x131052-308T", false},
		{"before a digit", "131052-308T1", false},
		{"after an underscore", "card_131052-308T", true},
		{"after a letter beyond ASCII", "ä131052-308T", true},
		{"after a non-match", "131052-308U 131052-308T", true},
		{"at the end of an address", "https://example.org/?h=131052-308T", true},
		{"UUID", "5bdcc146-1052-308a-9a60-426089575c7b", false},
		{"time", "2024-03-05T15:02:11Z", false},
		{"too short", "131052-308", false},
		{"empty", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := event.HasPersonalCode(c.s); got != c.want {
				t.Errorf("%q: got %t", c.s, got)
			}
			if got := event.HoldsPersonalCode([]byte(c.s)); got != c.want {
				t.Errorf("raw %q: got %t", c.s, got)
			}
		})
	}
}

func TestPersonalCodesInRawBytes(t *testing.T) {
	for s, want := range map[string]bool{
		`{"a":"\u0031\u00331052-308T"}`:   true,
		`{"a":"x\n131052-308T"}`:          true,
		`{"a":"131052\u002d308T"}`:        true,
		"/a?h=%31%331052-308T%20":         true,
		"131052%2D308T":                   true,
		`{"a":"131052-308U"} \ % \u00 %4`: false,
		`\`:                               false,
		"%":                               false,
	} {
		if got := event.HoldsPersonalCode([]byte(s)); got != want {
			t.Errorf("%s: got %t", s, got)
		}
	}
}

// TestHexadecimalIdentifiersAreNoPersonalCodes guards the ids and pseudonyms that the services make.
func TestHexadecimalIdentifiersAreNoPersonalCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := event.NewID(rapid.String().Draw(t, "part"))
		if event.HasPersonalCode(id) || event.HasPersonalCode(strings.ReplaceAll(id, "-", "")) {
			t.Fatalf("%s is taken for a personal identity code", id)
		}
	})
}

// TestEveryCheckCharacter makes a code for random dates and numbers, and holds that exactly one check character fits.
func TestEveryCheckCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}[-+A-FU-Y][0-9]{3}`).Draw(t, "body")
		n := 0
		for _, c := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			if event.HasPersonalCode(body + string(c)) {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("%s: %d check characters fit", body, n)
		}
	})
}

func FuzzHoldsPersonalCode(f *testing.F) {
	f.Add([]byte(`131052-308T \u0031 %31`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if event.HasPersonalCode(string(raw)) && !event.HoldsPersonalCode(raw) {
			t.Fatalf("%q", raw)
		}
	})
}
