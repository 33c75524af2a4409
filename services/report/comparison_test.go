package report

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vointi.fi/pkg/wording"
)

func ptr[T any](v T) *T { return &v }

func cellOf(value, lower, upper float64) Cell {
	return Cell{
		Indicator: "participation-reach", AgeGroup: "all",
		PeriodType: "year", Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Computed: time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC),
		Value: ptr(value), Lower: ptr(lower), Upper: ptr(upper), Status: "final",
	}
}

func TestReadingsSayWhatTheViewSays(t *testing.T) {
	share := Indicator{Unit: "%", Direction: "+"}
	for name, c := range map[string]struct {
		comparison Comparison
		language   Language
		want       reading
	}{
		"points": {
			Comparison{"same_period_last_year", ptr(6.68), ptr(5.68), ptr(7.69), "pp", "much_better", ""},
			Finnish,
			reading{"vuotta aiemmin", "▲▲", "selvästi parempi", "better", "+6,7\u00a0prosenttiyksikköä (5,7–7,7)"},
		},
		"limits on both sides of zero": {
			Comparison{"parent", ptr(-0.4), ptr(-1.1), ptr(0.2), "pp", "similar", ""},
			Swedish,
			reading{"eget välfärdsområde eller landskap", "●", "ingen klar skillnad", "", "−0,4\u00a0procentenheter (−1,1 till 0,2)"},
		},
		"growth": {
			Comparison{"same_period_last_year", ptr(-1234.56), ptr(-1300.0), ptr(-1200.0), "%", "worse", ""},
			English,
			reading{"a year earlier", "▼", "worse", "worse", "−1,234.6% (−1,300.0 to −1,200.0)"},
		},
		"no interval": {
			Comparison{"previous", ptr(409.0), nil, nil, "n", "", "no_interval"},
			Finnish,
			reading{"edellinen jakso tai kysely", "◌", "ei luottamusväliä", "", "+409"},
		},
		"protected": {
			Comparison{Comparator: "similar", Unit: "pp", Reason: "protected"},
			Finnish,
			reading{"samankaltaiset kunnat", "◌", "jokin luvuista on tietosuojattu", "", ""},
		},
		"target": {
			Comparison{"target", ptr(12.36), ptr(11.62), ptr(13.1), "pp", "reached", ""},
			English,
			reading{"own target", "✓", "reached", "better", "+12.4\u00a0percentage points (11.6–13.1)"},
		},
		"no trend": {
			Comparison{Comparator: "trend5", Unit: "logit a year", Reason: "too_few_points"},
			Finnish,
			reading{"viiden vuoden kehitys", "◌", "ei voida laskea: alle viisi vuotta", "", ""},
		},
		"trend": {
			Comparison{Comparator: "trend5", Difference: ptr(0.1), Unit: "logit a year", Verdict: "worse", Reason: "decreasing"},
			English,
			reading{"trend of five years", "▼", "worse (decreasing)", "worse", ""},
		},
		"trend without change": {
			Comparison{Comparator: "trend5", Difference: ptr(0.1), Unit: "logit a year", Verdict: "similar", Reason: "one_point_decides"},
			English,
			reading{"trend of five years", "●", "one year would decide", "", ""},
		},
		"ratio below one": {
			Comparison{"rii", ptr(0.8), ptr(0.7), ptr(0.9), "ratio", "lower", ""},
			English,
			reading{"relative index of inequality (RII)", "▼", "lower", "", "0.80 (0.70–0.90)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.language.read(share, c.comparison); *got != c.want {
				t.Errorf("\n got %+v\nwant %+v", *got, c.want)
			}
		})
	}
}

// Whatever the view says, a reading has a symbol and a word: colour never stands alone, and nothing is silently left out.
func TestEveryReadingHasMarkAndWord(t *testing.T) {
	pick := func(list []wording.Code) []string {
		ids := make([]string, len(list))
		for i, c := range list {
			ids[i] = c.ID
		}
		return ids
	}
	rapid.Check(t, func(t *rapid.T) {
		c := Comparison{Comparator: rapid.SampledFrom(pick(wording.Comparators)).Draw(t, "comparator"), Unit: "pp"}
		c.Reason = rapid.SampledFrom(pick(wording.Reasons)).Draw(t, "reason")
		if rapid.Bool().Draw(t, "judged") {
			c.Verdict = rapid.SampledFrom(pick(wording.Verdicts)).Draw(t, "verdict")
			c.Difference = ptr(rapid.Float64Range(-100, 100).Draw(t, "difference"))
		}
		l := rapid.SampledFrom([]Language{Finnish, Swedish, English}).Draw(t, "language")
		r := l.read(Indicator{Unit: "%"}, c)
		if r.Name == "" || r.Mark == "" || r.Word == "" || r.Name == c.Comparator {
			t.Fatalf("%+v reads %+v", c, r)
		}
		if r.Class != "" && c.Verdict == "" {
			t.Fatalf("%+v is coloured without a verdict", c)
		}
	})
}

func TestYearsAreComparedOnce(t *testing.T) {
	found := []Comparison{{Comparator: "trend5"}, {Comparator: "previous"}, {Comparator: "same_period_last_year"}, {Comparator: "target"}}
	var names []string
	for _, r := range English.beside(Indicator{}, found) {
		names = append(names, r.Name)
	}
	if want := []string{"a year earlier", "own target", "trend of five years"}; !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
}
