package report

import (
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		l        Language
		x        float64
		unit     string
		decimals int
		want     string
	}{
		{Finnish, 1234567.891, "n", 0, "1\u202f234\u202f568"},
		{Finnish, 34.25, "%", 1, "34,2\u00a0%"},
		{Finnish, -0.04, "n", 1, "0,0"},
		{Finnish, -1234.5, "€", 2, "−1\u202f234,50\u00a0€"},
		{Finnish, 999, "n", 0, "999"},
		{Finnish, 612.3, "per 1 000", 1, "612,3"},
		{Swedish, 34.2, "%", 1, "34,2\u00a0%"},
		{English, 1234.5, "€", 2, "€1,234.50"},
		{English, 34.2, "%", 1, "34.2%"},
	} {
		if got := c.l.amount(c.x, c.unit, c.decimals); got != c.want {
			t.Errorf("%s %v %s: %q, want %q", c.l, c.x, c.unit, got, c.want)
		}
	}
}

// Whatever the language, the digits are those of the number.
func TestNumberKeepsItsDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom([]Language{Finnish, Swedish, English}).Draw(t, "language")
		x := rapid.Float64Range(-1e12, 1e12).Draw(t, "x")
		decimals := rapid.IntRange(0, 3).Draw(t, "decimals")
		text := l.number(x, decimals)
		plain := strings.NewReplacer(thinSpace, "", "−", "-").Replace(text)
		if l == English {
			plain = strings.ReplaceAll(plain, ",", "")
		}
		back, err := strconv.ParseFloat(strings.ReplaceAll(plain, ",", "."), 64)
		if err != nil || math.Abs(back-x) > 0.51*math.Pow(10, -float64(decimals)) {
			t.Fatalf("%v became %q, which reads %v, %v", x, text, back, err)
		}
	})
}

func TestPeriodsHaveNames(t *testing.T) {
	day := time.Date(2024, 8, 1, 0, 0, 0, 0, time.UTC)
	for period, want := range map[string]string{
		"year": "2024", "quarter": "2024 Q3", "month": "8/2024", "wave": "kysely 2024", "week": "2024-08-01",
	} {
		if got := Finnish.period(Cell{PeriodType: period, Start: day}); got != want {
			t.Errorf("%s: %q, want %q", period, got, want)
		}
	}
}

func TestAgeIsInFinnishTime(t *testing.T) {
	computed := time.Date(2026, 7, 1, 21, 5, 0, 0, time.UTC)
	for l, want := range map[Language]string{
		Finnish: "Luvut laskettu 2.7.2026 00.05 (tänään)",
		English: "Figures computed 2 July 2026 00:05 (today)",
	} {
		if got := l.age(computed, computed.Add(23*time.Hour)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := Swedish.age(computed, computed.Add(50*time.Hour)); !strings.HasSuffix(got, "(för 2 dygn sedan)") {
		t.Error(got)
	}
}

var verbs = regexp.MustCompile(`%[^%\s]?`)

// A text missing in a language, or with other placeholders than its fellows, shows here and not on the page.
func TestTextsAreComplete(t *testing.T) {
	model := reflect.ValueOf(finnish)
	for l, texts := range textsOf {
		v := reflect.ValueOf(*texts)
		for f := range v.NumField() {
			name, text := v.Type().Field(f).Name, v.Field(f).String()
			if text == "" {
				t.Errorf("%s: %s is empty", l, name)
			}
			if strings.Contains(text, "%s") || strings.Contains(text, "%d") {
				if got, want := verbs.FindAllString(text, -1), verbs.FindAllString(model.Field(f).String(), -1); !reflect.DeepEqual(got, want) {
					t.Errorf("%s: %s has placeholders %v, Finnish has %v", l, name, got, want)
				}
			}
		}
	}
	for _, names := range []map[string]Text{unitNames, methodNames, groupNames["report5"]} {
		for key, text := range names {
			if text.FI == "" || text.SV == "" || text.EN == "" {
				t.Errorf("name of %q is not complete: %+v", key, text)
			}
		}
	}
}
