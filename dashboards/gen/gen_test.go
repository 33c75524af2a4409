package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/wording"
	"vointi.fi/schemas"
)

func TestCommittedFilesAreUpToDate(t *testing.T) {
	files, err := rendered()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("dashboards/%s differs from its generator: run go run ./dashboards/gen", name)
		}
	}
}

func TestWriteRendersTheSameTwice(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	if err := write(first); err != nil {
		t.Fatal(err)
	}
	if err := write(second); err != nil {
		t.Fatal(err)
	}
	files, err := rendered()
	if err != nil {
		t.Fatal(err)
	}
	for name := range files {
		a, _ := os.ReadFile(filepath.Join(first, name))
		b, _ := os.ReadFile(filepath.Join(second, name))
		if len(a) == 0 || !bytes.Equal(a, b) {
			t.Errorf("%s: two runs wrote different files", name)
		}
	}
}

// White text must be readable on every colour of the palette: WCAG 2.2 asks for 4.5:1.
func TestPaletteContrast(t *testing.T) {
	for _, colour := range []string{blue, orange, grey, purple} {
		if c := contrast(t, colour, "#FFFFFF"); c < 4.5 {
			t.Errorf("white on %s has contrast %.2f", colour, c)
		}
	}
}

// Lines must stand out from the background of the light and of the dark theme: WCAG 2.2 asks for 3:1.
func TestLinesStandOut(t *testing.T) {
	for _, background := range []string{"#FFFFFF", "#181B1F"} {
		for _, colour := range []string{blue, grey, purple, green, vermilion} {
			if c := contrast(t, colour, background); c < 3 {
				t.Errorf("%s on %s has contrast %.2f", colour, background, c)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is WCAG's relative luminance of #RRGGBB.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// Each group of a published scheme has a line of its own beside the others of its scheme.
func TestGroupsHaveLinesOfTheirOwn(t *testing.T) {
	schemes, err := reference.LoadAgeSchemes(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range schemes.Schemes {
		if !scheme.Published {
			continue
		}
		taken := map[int]string{}
		for _, group := range scheme.Groups {
			label := strings.Replace(group.ID, "-", "–", 1)
			if label == schemes.Unknown.ID {
				continue
			}
			i := slices.IndexFunc(groupLines[:len(groupLines)-1], func(l groupLine) bool {
				return regexp.MustCompile("^(" + l.groups + ")$").MatchString(label)
			})
			if i < 0 || taken[i] != "" {
				t.Errorf("scheme %s: group %s has line %d, which is also that of %q", scheme.ID, label, i, taken[i])
			}
			taken[i] = label
		}
	}
}

// TestTranslationsAreTexts: each is one, none is left in English, and what has a variable has it in each language.
func TestTranslationsAreTexts(t *testing.T) {
	variable := regexp.MustCompile(`\$\{[a-z_:]+\}`)
	for _, list := range []map[string][2]string{translations, columns} {
		for english, in := range list {
			for i, text := range in {
				if text == "" || text == english && strings.Contains(text, " of ") {
					t.Errorf("%q: no text in language %d", english, i)
				}
				for _, v := range variable.FindAllString(english, -1) {
					if !strings.Contains(text, v) {
						t.Errorf("%q without %s", text, v)
					}
				}
			}
		}
	}
}

// TestTranslationsDifferInTextsOnly: whoever looks at another language sees the same panels, asked the same, under other names.
func TestTranslationsDifferInTextsOnly(t *testing.T) {
	files, err := rendered()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		for _, of := range tongues {
			english, ok := strings.CutSuffix(name, "."+of.code+".json")
			if !ok {
				continue
			}
			want, got := nameless(t, files[english+".json"]), nameless(t, text)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) || len(want) == 0 {
				t.Errorf("%s has %d statements, %d with other words in them than those of %s", name, len(got), len(want), english)
			}
		}
	}
	if _, err := tongues[0].translate("x", []byte(`{"uid": "x", "title": "Not said in Finnish"}`)); err == nil || !strings.Contains(err.Error(), "Not said in Finnish") {
		t.Errorf("a text that nobody translated: %v", err)
	}
}

// nameless returns the statements of a dashboard without the names of columns.
func nameless(t *testing.T, text []byte) (statements []string) {
	var d any
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for key, x := range v {
				if sql, ok := x.(string); ok && key == "rawSql" {
					statements = append(statements, quoted.ReplaceAllString(sql, "``"))
				}
				walk(x)
			}
		}
	}
	walk(d)
	return statements
}

func TestEveryWordHasThreeLanguages(t *testing.T) {
	for key, w := range words {
		for i, text := range w {
			if text == "" {
				t.Errorf("word %s: language %d is empty", key, i)
			}
		}
	}
}

// What a colour rule looks for must not stand in a text that means something else.
func TestMeaningsDoNotOverlap(t *testing.T) {
	better, worse, none := verdictWords("better"), verdictWords("worse"), instead()
	for l := range 3 {
		for _, c := range []struct {
			rule  string
			words []wording.Text
			never [][]wording.Text
		}{
			{"better", better, [][]wording.Text{worse, none, texts(wording.Reasons)}},
			{"worse", worse, [][]wording.Text{better, none, texts(wording.Reasons)}},
		} {
			for _, w := range c.words {
				for _, list := range c.never {
					for _, other := range list {
						if strings.Contains(languagesOf(other)[l], languagesOf(w)[l]) {
							t.Errorf("%q holds %q, which is %s", languagesOf(other)[l], languagesOf(w)[l], c.rule)
						}
					}
				}
			}
		}
	}
}

func texts(list []wording.Code) []wording.Text {
	out := make([]wording.Text, len(list))
	for i, c := range list {
		out[i] = c.Text
	}
	return out
}

func TestStatementNamesItsFile(t *testing.T) {
	if _, err := statement("no_such_file"); err == nil || !strings.Contains(err.Error(), "no_such_file") {
		t.Errorf("error %v does not name the file", err)
	}
	if _, err := word("no_such_word"); err == nil {
		t.Error("an unknown word must be refused")
	}
}

func TestQueryValidates(t *testing.T) {
	if err := newQuery("", tableRows).Validate(); err == nil {
		t.Error("a query without SQL must be refused")
	}
	q := newQuery("SELECT 1", timeSeries)
	if !q.Equals(newQuery("SELECT 1", timeSeries)) || q.Equals(newQuery("SELECT 1", tableRows)) {
		t.Error("Equals must compare all fields")
	}
}
