package report

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestParseQuery(t *testing.T) {
	q, faults := parseQuery(url.Values{
		"indicator": {"participation-visits,participation-reach"}, "area": {"KU305", "KU208"}, "age_group": {"65+"},
		"from": {"2024-01-01"}, "to": {"2025-01-01"}, "format": {"csv"}, "sex": {""},
	})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if !slices.Equal(q.values["indicator"], []string{"participation-visits", "participation-reach"}) ||
		!slices.Equal(q.values["area"], []string{"KU305", "KU208"}) || len(q.values["sex"]) != 0 || q.format != "csv" {
		t.Errorf("query %+v", q)
	}
}

func TestParseQueryTellsAllFaults(t *testing.T) {
	_, faults := parseQuery(url.Values{
		"indicator": {"a'; DROP TABLE x"}, "aera": {"KU305"}, "from": {"yesterday"}, "to": {"2024-13-01"}, "format": {"xml"},
		"area": {strings.Repeat("KU305,", 300)},
	})
	want := []string{"aera", "area", "format", "indicator", "from", "to"}
	var got []string
	for _, f := range faults {
		got = append(got, f.Parameter)
	}
	if !slices.Equal(got, want) {
		t.Errorf("faults of %v, want %v", got, want)
	}
	for name, q := range map[string]url.Values{
		"empty range":    {"from": {"2024-01-01"}, "to": {"2024-01-01"}},
		"given twice":    {"from": {"2024-01-01", "2025-01-01"}},
		"too long ago":   {"from": {"0001-01-01"}},
		"much too long":  {"indicator": {strings.Repeat("a", 101)}},
		"null character": {"area": {"KU\x00305"}},
	} {
		if _, faults := parseQuery(q); len(faults) != 1 {
			t.Errorf("%s: faults %v", name, faults)
		}
	}
}

// Whatever an address holds, parsing ends, and what it lets through is codes and dates only.
func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"", "indicator=participation-visits&area=KU305", "from=2024-01-01&to=2023-01-01", "format=%00&area=%ff", "area=,,&sex=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		values, _ := url.ParseQuery(raw)
		q, faults := parseQuery(values)
		if len(faults) > 0 {
			return
		}
		if len(q.arguments()) != len(filters)+2 {
			t.Fatal("not every placeholder has a value")
		}
		for name, list := range q.values {
			for _, v := range list {
				if v == "" || strings.ContainsAny(v, "'\"\\;()\x00 \n") {
					t.Fatalf("%s let %q through", name, v)
				}
			}
		}
	})
}
