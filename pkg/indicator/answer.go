package indicator

import "slices"

// Survey says what a respondent's answers make: a score for means, yes or no for shares.
//
// The score is times × (the combined items − minus). Yes is a score of at least AtLeast, or any item with a code in OneOf;
// and all further conditions. Someone who left more items unanswered than Missing allows did not answer at all; of those
// within it the mean of the answered items stands for the others.
type Survey struct {
	Items   []string  `yaml:"items"`
	Missing int       `yaml:"missing"` // so many of the items may be unanswered
	OneOf   []int     `yaml:"one_of"`  // codes that count; of several items one is enough
	Combine string    `yaml:"combine"` // mean (if not given) or sum
	Weights []float64 `yaml:"weights"` // of the items in it; 1 if not given
	AtLeast *float64  `yaml:"at_least"`
	Minus   float64   `yaml:"minus"`
	Times   float64   `yaml:"times"` // 1 if not given
	And     []*Survey `yaml:"and"`   // further conditions, all of which must hold
}

// combinations are the ways to combine items.
var combinations = []string{"mean", "sum"}

// shares reports whether the answers make yes or no.
func (s *Survey) shares() bool { return len(s.OneOf) > 0 || s.AtLeast != nil }

// answer returns 1 or 0 for yes or no, or the score, and whether enough items were answered.
func (s *Survey) answer(items map[string]int32) (y float64, answered bool) {
	y, answered = s.own(items)
	for _, further := range s.And {
		yes, also := further.answer(items)
		y, answered = min(y, yes), answered && also
	}
	return y, answered
}

func (s *Survey) own(items map[string]int32) (y float64, answered bool) {
	var sum, weight, whole float64
	missing, any := 0, false
	for i, item := range s.Items {
		w := 1.0
		if len(s.Weights) > 0 {
			w = s.Weights[i]
		}
		whole += w
		code, ok := items[item]
		if !ok {
			missing++
			continue
		}
		sum += w * float64(code)
		weight += w
		any = any || slices.Contains(s.OneOf, int(code))
	}
	if missing > s.Missing || missing == len(s.Items) {
		return 0, false
	}
	if len(s.OneOf) > 0 {
		return yes(any), true
	}
	score := sum
	switch {
	case s.Combine != "sum":
		score = sum / weight
	case missing > 0:
		score = sum / weight * whole
	}
	score -= s.Minus
	if s.Times != 0 {
		score *= s.Times
	}
	if s.AtLeast != nil {
		return yes(score >= *s.AtLeast), true
	}
	return score, true
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// validateSurvey looks at the rule for answers.
func (d *draft) validateSurvey(k methodKind) {
	e := d.entry
	if e.Survey == nil {
		d.Fault(d.At("method"), "method %s needs survey.items", k.method)
		return
	}
	d.Check(k.survey, d.At("method"), "method %s is not for survey answers", k.method)
	d.Check(slices.Equal(e.AllPeriods, []PeriodType{Wave}), d.At("periods"), "answers to a survey have the period wave alone")
	d.Check(e.Numerator.Measure == "" && e.Denominator.Measure == "", d.At("numerator"), "survey answers are no measure: say in text what is counted")
	d.Check(e.Divided(), d.At("denominator"), "denominator.text must say in words who is asked")
	d.Check(e.MinimumN > 0, d.At("minimum_n"), "minimum_n must say from how many respondents on a figure is shown")
	d.rule(e.Survey, "survey")
	share := k.method == SurveyProportion || k.method == Proportion
	d.Check(e.Survey.shares() == share, d.At("survey"), "method %s needs %s", k.method, map[bool]string{true: "one_of or at_least", false: "a score: neither one_of nor at_least"}[share])
	d.Check(share || len(e.Survey.And) == 0, d.At("survey", "and"), "further conditions are for shares")
}

// rule looks at one condition and, below it, at the further ones.
func (d *draft) rule(s *Survey, path ...any) {
	at := func(more ...any) []any { return append(slices.Clone(path), more...) }
	d.Check(len(s.Items) > 0, d.At(path...), "no items")
	for i, item := range s.Items {
		d.Check(itemPattern.MatchString(item), d.At(at("items", i)...), "%q is no item code: it must match %s", item, itemPattern)
		d.Check(!slices.Contains(s.Items[:i], item), d.At(at("items", i)...), "item %s stands twice", item)
	}
	d.Check(s.Missing >= 0 && s.Missing < max(1, len(s.Items)), d.At(at("missing")...), "missing must leave an item to be answered")
	d.Check(len(s.OneOf) == 0 || s.AtLeast == nil, d.At(at("at_least")...), "one_of and at_least exclude each other")
	if s.Combine != "" {
		d.one("combination", s.Combine, combinations, at("combine")...)
	}
	score := s.Combine != "" || len(s.Weights) > 0 || s.Minus != 0 || s.Times != 0
	d.Check(!score || len(s.OneOf) == 0, d.At(path...), "combine, weights, minus and times make a score, which one_of does not look at")
	d.Check(len(s.Weights) == 0 || len(s.Weights) == len(s.Items), d.At(at("weights")...), "%d weights for %d items", len(s.Weights), len(s.Items))
	for i, w := range s.Weights {
		d.Check(w > 0, d.At(at("weights", i)...), "a weight must be above 0")
	}
	for i, further := range s.And {
		if further != nil {
			d.Check(further.shares(), d.At(at("and", i)...), "a condition needs one_of or at_least")
			d.rule(further, at("and", i)...)
		}
	}
}
