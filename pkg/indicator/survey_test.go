package indicator_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
)

// TestSurvey: EUROHIS-QOL-8 counts as good from a mean of 4, and only with all eight answers.
func TestSurvey(t *testing.T) {
	answer := func(items ...int32) indicator.Answer {
		a := indicator.Answer{Items: map[string]int32{}, Weight: 1}
		for i, x := range items {
			a.Items["EUROHIS"+string(rune('1'+i))] = x
		}
		return a
	}
	s := entry(t, "qol-good-share").Sample([]indicator.Answer{
		answer(5, 5, 5, 5, 3, 3, 3, 4), answer(5, 5, 5, 5, 3, 3, 3, 2), answer(5, 5, 5, 5, 5, 5, 5),
	})
	v, err := s.Estimate(func(int) bool { return true })
	if err != nil || v.Value != 50 || v.Respondents != 2 || v.Numerator != 1 {
		t.Errorf("%+v %v", v, err)
	}
	nobody, err := s.Estimate(func(int) bool { return false })
	if err != nil || !nobody.NoData {
		t.Errorf("nobody: %+v %v", nobody, err)
	}
}

// TestSurveyOfOtherStrata: respondents of strata that a domain does not reach make no difference to it, to the last bit.
func TestSurveyOfOtherStrata(t *testing.T) {
	e := entry(t, "loneliness-share")
	rapid.Check(t, func(rt *rapid.T) {
		var answers []indicator.Answer
		for i := range 30 {
			answers = append(answers, indicator.Answer{
				Items: map[string]int32{"LONELY": rapid.Int32Range(1, 5).Draw(rt, "answer")}, Stratum: string(rune('a' + i%3)),
				Weight: rapid.Float64Range(0.5, 3).Draw(rt, "weight"),
			})
		}
		in := func(i int) bool { return answers[i].Stratum == "a" && i%2 == 0 }
		all, err := e.Sample(answers).Estimate(in)
		if err != nil {
			rt.Fatal(err)
		}
		var own []indicator.Answer
		var which []int
		for i, a := range answers {
			if a.Stratum == "a" {
				own, which = append(own, a), append(which, i)
			}
		}
		alone, err := e.Sample(own).Estimate(func(i int) bool { return in(which[i]) })
		if err != nil || all.Value != alone.Value || all.I95 != alone.I95 && all.I95.Defined() {
			rt.Fatalf("%+v\n%+v %v", all, alone, err)
		}
	})
}

// respondents makes answers to one item with weights, and with the first half in one stratum if two.
func respondents(item string, codes []int32, weights []float64, two bool) []indicator.Answer {
	var answers []indicator.Answer
	for i, c := range codes {
		a := indicator.Answer{Items: map[string]int32{item: c}, Weight: weights[i]}
		if two && i < len(codes)/2 {
			a.Stratum = "first"
		}
		answers = append(answers, a)
	}
	return answers
}

// TestSurveyVectors holds the methods for answers against values computed elsewhere.
func TestSurveyVectors(t *testing.T) {
	weights := []float64{100, 150, 120, 80, 200, 180, 90, 130}
	codes := []int32{5, 1, 4, 5, 1, 2, 4, 3} // yes no yes yes no no yes no
	scores := []int32{1, 0, 1, 1, 0, 0, 1, 0}
	friends := []int32{0, 1, 0, 0, 2, 3, 0, 5}
	for name, c := range map[string]struct {
		id                  string
		answers             []indicator.Answer
		value, lower, upper float64
	}{
		"share":                  {"loneliness-share", respondents("LONELY", codes, weights, false), 37.14285714, 8.82149, 78.30351},
		"mean":                   {"life-satisfaction-mean", respondents("LIFE_SATISFACTION", scores, weights, false), 0.3714285714, -0.0510426, 0.7938997},
		"mean of two strata":     {"life-satisfaction-mean", respondents("LIFE_SATISFACTION", scores, weights, true), 0.3714285714, -0.0274021, 0.7702593},
		"share without weights":  {"youth-no-close-friend", respondents("CLOSE_FRIENDS", friends, weights, false), 50, 21.521, 78.479},
		"mean without weights":   {"partner-satisfaction", respondents("PARTNER_SATISFACTION", codes, weights, false), 3.125, 1.752186, 4.497814},
		"one whom nobody equals": {"life-satisfaction-mean", respondents("LIFE_SATISFACTION", scores[:1], weights, false), 1, nan, nan},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := entry(t, c.id).Sample(c.answers).Estimate(func(int) bool { return true })
			if err != nil || v.Respondents != int64(len(c.answers)) {
				t.Fatalf("%+v %v", v, err)
			}
			for what, x := range map[string][2]float64{"value": {v.Value, c.value}, "lower": {v.I95.Lower, c.lower}, "upper": {v.I95.Upper, c.upper}} {
				if math.IsNaN(x[0]) != math.IsNaN(x[1]) || math.Abs(x[0]-x[1]) > 1e-3 {
					t.Errorf("%s %v, want %v", what, x[0], x[1])
				}
			}
		})
	}
}

// TestSurveyWithoutWeights: one respondent without a weight makes all count alike, and the design count for nothing: Wilson's
// limits of the respondents, or Student's, under methods and with a flag that say so.
func TestSurveyWithoutWeights(t *testing.T) {
	weights := []float64{100, 150, 0, 80, 200, 180, 90, 130}
	for name, c := range map[string]struct {
		id, item            string
		codes               []int32
		method              indicator.Method
		value, lower, upper float64
	}{
		"share": {"loneliness-share", "LONELY", []int32{5, 1, 4, 5, 1, 2, 4, 3}, indicator.FallbackProportion, 50, 21.521606, 78.478394},
		"mean":  {"life-satisfaction-mean", "LIFE_SATISFACTION", []int32{5, 1, 4, 5, 1, 2, 4, 3}, indicator.Mean, 3.125, 1.752186, 4.497814},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := entry(t, c.id).Sample(respondents(c.item, c.codes, weights, true)).Estimate(func(int) bool { return true })
			if err != nil || v.Method != c.method || !slices.Equal(v.Flags, []string{indicator.FlagNoWeights}) || v.EffectiveSize != 8 {
				t.Fatalf("%+v %v", v, err)
			}
			for what, x := range map[string][2]float64{"value": {v.Value, c.value}, "lower": {v.I95.Lower, c.lower}, "upper": {v.I95.Upper, c.upper}} {
				if !(math.Abs(x[0]-x[1]) < 1e-5) {
					t.Errorf("%s %v, want %v", what, x[0], x[1])
				}
			}
			if !(v.I998.Lower < v.I95.Lower && v.I95.Upper < v.I998.Upper) {
				t.Errorf("99.8 %%: %v", v.I998)
			}
		})
	}
}

// TestRules: what each kind of rule makes of one respondent's answers.
func TestRules(t *testing.T) {
	barriers := func(codes ...int32) map[string]int32 {
		m := map[string]int32{}
		for i, item := range []string{"DISTANCE", "COST", "TRANSPORT", "TIME", "HEALTH", "COMPANY", "INFORMATION"} {
			if i < len(codes) {
				m["BARRIER_"+item] = codes[i]
			}
		}
		return m
	}
	active := func(brisk, vigorous, muscle int32) map[string]int32 {
		return map[string]int32{"BRISK_MINUTES": brisk, "VIGOROUS_MINUTES": vigorous, "MUSCLE_DAYS": muscle}
	}
	esis := func(first, others int32) map[string]int32 {
		m := map[string]int32{"ESIS1": first}
		for _, n := range []string{"2", "3", "4", "5", "6", "7", "8", "9", "10"} {
			m["ESIS"+n] = others
		}
		return m
	}
	for name, c := range map[string]struct {
		id    string
		items map[string]int32
		value float64 // NaN: not answered
	}{
		"no barrier":                   {"barrier-share", barriers(0, 0, 0, 0, 0, 0, 0), 0},
		"one of several barriers":      {"barrier-share", barriers(0, 0, 0, 1, 0, 0, 0), 100},
		"all barriers":                 {"barrier-share", barriers(1, 1, 1, 1, 1, 1, 1), 100},
		"a barrier left out":           {"barrier-share", barriers(1, 0, 0, 0, 0, 0), nan},
		"brisk enough":                 {"pa-guideline-share", active(150, 0, 2), 100},
		"vigorous enough":              {"pa-guideline-share", active(0, 75, 2), 100},
		"both together":                {"pa-guideline-share", active(50, 50, 2), 100},
		"a minute short":               {"pa-guideline-share", active(49, 50, 2), 0},
		"a day of muscles short":       {"pa-guideline-share", active(300, 0, 1), 0},
		"no answer about muscles":      {"pa-guideline-share", map[string]int32{"BRISK_MINUTES": 200, "VIGOROUS_MINUTES": 0}, nan},
		"all statements in the middle": {"inclusion-esis-mean", esis(3, 3), 50},
		"the lowest score":             {"inclusion-esis-mean", esis(1, 1), 0},
		"the highest score":            {"inclusion-esis-mean", esis(5, 5), 100},
		"one statement differs":        {"inclusion-esis-mean", esis(5, 3), 55},
		"health of the middle class":   {"srh-average-or-worse", map[string]int32{"SRH": 3}, 100},
		"health of the second class":   {"srh-average-or-worse", map[string]int32{"SRH": 2}, 0},
		"a need that was met":          {"unmet-need-share", map[string]int32{"SERVICE_NEED": 2}, 0},
		"a need that was not":          {"unmet-need-share", map[string]int32{"SERVICE_NEED": 3}, 100},
		"a cultural hobby every month": {"culture-active-share", map[string]int32{"CULTURE_HOBBY": 3}, 100},
		"an answer to something else":  {"culture-active-share", map[string]int32{"LONELY": 3}, nan},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := entry(t, c.id).Sample([]indicator.Answer{{Items: c.items, Weight: 1}}).Estimate(func(int) bool { return true })
			if err != nil || v.NoData != math.IsNaN(c.value) || !v.NoData && v.Value != c.value {
				t.Errorf("%+v %v, want %v", v, err, c.value)
			}
		})
	}
}

// TestMissingItems: within what is allowed, the mean of the items that were answered stands for the others.
func TestMissingItems(t *testing.T) {
	mean, sum := *entry(t, "qol-mean"), *entry(t, "qol-mean")
	rule := *mean.Survey
	rule.Missing = 1
	mean.Survey = &rule
	total := rule
	total.Combine = "sum"
	sum.Survey = &total
	for _, c := range []struct {
		answered int
		mean     float64
	}{{8, 3}, {7, 3}, {6, nan}} {
		items := map[string]int32{}
		for _, item := range rule.Items[:c.answered] {
			items[item] = 3
		}
		for e, want := range map[*indicator.Entry]float64{&mean: c.mean, &sum: 8 * c.mean} {
			v, err := e.Sample([]indicator.Answer{{Items: items, Weight: 1}}).Estimate(func(int) bool { return true })
			if err != nil || v.NoData != math.IsNaN(want) || !v.NoData && v.Value != want {
				t.Errorf("%d answered: %v %v, want %v", c.answered, v.Value, err, want)
			}
		}
	}
}

// TestSurveyDoesNotKnowTheOrderOfAnswers of one stratum, to the last bit, whatever the method.
func TestSurveyDoesNotKnowTheOrderOfAnswers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := entry(t, rapid.SampledFrom([]string{"qol-good-share", "qol-mean"}).Draw(rt, "indicator"))
		if rapid.Bool().Draw(rt, "unweighted") {
			again := *e
			again.Method = map[indicator.Method]indicator.Method{indicator.SurveyProportion: indicator.Proportion, indicator.SurveyMean: indicator.Mean}[e.Method]
			e = &again
		}
		var answers []indicator.Answer
		for range 12 {
			a := indicator.Answer{Items: map[string]int32{}, Weight: rapid.Float64Range(0.5, 3).Draw(rt, "weight")}
			for _, item := range e.Survey.Items {
				a.Items[item] = rapid.Int32Range(1, 5).Draw(rt, "code")
			}
			answers = append(answers, a)
		}
		mixed := rapid.Permutation(answers).Draw(rt, "mixed")
		one, err := e.Sample(answers).Estimate(func(int) bool { return true })
		if err != nil {
			rt.Fatal(err)
		}
		two, err := e.Sample(mixed).Estimate(func(int) bool { return true })
		if err != nil || one.Value != two.Value || one.I95 != two.I95 && one.I95.Defined() || one.I998 != two.I998 && one.I998.Defined() {
			rt.Fatalf("%+v\n%+v %v", one, two, err)
		}
	})
}

// TestChanges: persons who answered both times, each by their own change, and nobody by weight.
func TestChanges(t *testing.T) {
	pair := func(before, after int32) indicator.Pair {
		return indicator.Pair{
			Before: indicator.Answer{Items: map[string]int32{"LONELY": before}, Weight: 9},
			After:  indicator.Answer{Items: map[string]int32{"LONELY": after}},
		}
	}
	all := func(int) bool { return true }
	c := entry(t, "loneliness-share").Changes([]indicator.Pair{pair(5, 1), pair(4, 2), pair(1, 1), pair(2, 5), {Before: pair(5, 5).Before}, pair(5, 4)})
	v, err := c.Estimate(all)
	// changes −1, −1, 0, 1, 0: mean −0.2, s² = 0.7, t(4) = 2.776445
	if err != nil || v.Respondents != 5 || v.Value != -20 || math.Abs(v.I95.Upper-100*(2.776445*math.Sqrt(0.7/5)-0.2)) > 1e-4 {
		t.Errorf("%+v %v", v, err)
	}
	if got := c.Moves(all); !slices.Equal(got, []int64{1, 1, 1, 2}) {
		t.Errorf("moves %v", got)
	}
	if one, err := c.Estimate(func(i int) bool { return i == 2 }); err != nil || one.Value != 0 || one.I95.Defined() {
		t.Errorf("one person: %+v %v", one, err)
	}
	scores := entry(t, "life-satisfaction-mean")
	item := scores.Survey.Items[0]
	score := func(before, after int32) indicator.Pair {
		return indicator.Pair{Before: indicator.Answer{Items: map[string]int32{item: before}}, After: indicator.Answer{Items: map[string]int32{item: after}}}
	}
	c = scores.Changes([]indicator.Pair{score(5, 8), score(7, 7), score(3, 4), score(9, 4)})
	if v, err := c.Estimate(all); err != nil || v.Value != -0.25 {
		t.Errorf("%+v %v", v, err)
	}
	if got := c.Moves(all); !slices.Equal(got, []int64{1, 2}) {
		t.Errorf("of scores: %v", got)
	}
}
