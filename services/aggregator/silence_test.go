package aggregator

import (
	"fmt"
	"slices"
	"testing"

	"vointi.fi/pkg/indicator"
)

// TestJudge: which sessions a venue is silent about, by the days on which it told of others.
func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		awaited, heard []indicator.Date
		today          indicator.Date
		silent         string
	}{
		"seven days are not too long":            {[]indicator.Date{10}, nil, 17, "[]"},
		"eight are":                              {[]indicator.Date{10}, nil, 18, "[10]"},
		"what is still to come is not":           {[]indicator.Date{10, 17, 18, 24}, nil, 18, "[10 17]"},
		"a week left out":                        {[]indicator.Date{10}, []indicator.Date{3, 17}, 40, "[]"},
		"two weeks left out":                     {[]indicator.Date{10, 17}, []indicator.Date{3, 24}, 40, "[10 17]"},
		"another session of the day was told of": {[]indicator.Date{10, 30}, []indicator.Date{10}, 38, "[30]"},
		"each day for ten days":                  {[]indicator.Date{10, 11, 12, 13, 14, 15, 16, 17, 18, 19}, []indicator.Date{9, 20}, 40, "[10 11 12 13 14 15 16 17 18 19]"},
		"each day for six":                       {[]indicator.Date{10, 11, 12, 13, 14, 15}, []indicator.Date{9, 16}, 40, "[]"},
		"a count of tomorrow is none yet":        {[]indicator.Date{10}, []indicator.Date{19}, 18, "[10]"},
	} {
		s := &schedule{}
		for i, day := range c.awaited {
			s.add(scheduled{day: day, session: fmt.Sprint(i)})
		}
		for _, day := range c.heard {
			s.add(scheduled{day: day, heard: true})
			s.add(scheduled{day: day, heard: true})
			s.remove(scheduled{day: day, heard: true})
		}
		var days []indicator.Date
		for _, x := range s.judge(c.today) {
			days = append(days, x.day)
		}
		slices.Sort(days)
		if got := fmt.Sprint(numbers(days)); got != c.silent {
			t.Errorf("%s: %s, want %s", name, got, c.silent)
		}
	}
}

func numbers(days []indicator.Date) []int {
	of := make([]int, len(days))
	for i, d := range days {
		of[i] = int(d)
	}
	return of
}
